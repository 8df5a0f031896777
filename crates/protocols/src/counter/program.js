// A distributed counter by direct calls: each node counts for itself and keeps the last count it got of each other node.

class DistributedCounter {
  constructor(nodeId) {
    this.nodeId = nodeId;
    this.localCount = 0;
    this.lastSeen = {}; // node number to its count
    this.localDowns = 0; // counted down, and never subtracted here //@ +two-counters
    this.lastDowns = {}; //@ +two-counters
    this.neighbours = []; //@ +forward
  }

  increment() { //@ asked "increment"
    this.localCount += 1; //@ mark increments
    console.log(`${this.nodeId} counts up to ${this.localCount}`);
    return this.localCount;
  }

  decrement() { //@ +two-counters; asked "decrement"
    this.localDowns += 1; //@ +two-counters; mark decrements
    console.log(`${this.nodeId} has counted down ${this.localDowns} times`); //@ +two-counters
    return this.localDowns; //@ +two-counters
  } //@ +two-counters

  receiveDowns(nodeId, downs) { //@ +two-counters
    this.lastDowns[nodeId] = Math.max(downs, this.lastDowns[nodeId] ?? 0); //@ +two-counters
  } //@ +two-counters

  receiveUpdate(nodeId, count) { //@ -forward; got UPDATE
  receiveUpdate(nodeId, count, from = nodeId) { //@ +forward; got UPDATE
    console.log(`${this.nodeId} is told that ${nodeId} counted ${count}`);
    if (nodeId === this.nodeId) return; // its own count has come back //@ +own-count
    if (count < this.lastSeen[nodeId]) return; // late: a larger one is known //@ +maximum; mark ignores
    const isNew = count !== this.lastSeen[nodeId]; //@ +forward
    this.lastSeen[nodeId] = count; //@ mark takes; mark goes-back
    const { localCount, lastSeen } = this;
    console.log(`${this.nodeId} knows`, { localCount, lastSeen });
    if (isNew) for (const node of this.neighbours) { //@ +forward
      if (node.nodeId !== from) node.receiveUpdate(nodeId, count, this.nodeId); //@ +forward; sent UPDATE
    } //@ +forward
  }

  getTotalCount() { //@ asked "total"
    let total = this.localCount;
    for (const count of Object.values(this.lastSeen)) total += count;
    total -= this.localDowns; //@ +two-counters
    for (const downs of Object.values(this.lastDowns)) total -= downs; //@ +two-counters
    console.log(`${this.nodeId} adds up to ${total}`); //@ mark totals
    return total;
  }
}

const isNeighbour = (a, b) => a !== b; //@ -topology=line; -topology=ring; -topology=star
const isNeighbour = (a, b) => Math.abs(a.nodeId - b.nodeId) === 1; //@ +topology=line
const isNeighbour = (a, b) => [1, nodes.length - 1].includes(Math.abs(a.nodeId - b.nodeId)); //@ +topology=ring
const isNeighbour = (a, b) => a !== b && (a === nodes[0] || b === nodes[0]); //@ +topology=star

// One run: four counts, then each of the first three nodes tells each other one.
const nodes = [];
for (let id = 1; id <= /*=nodes*/3; id += 1) nodes.push(new DistributedCounter(id));
for (const node of nodes) node.neighbours = nodes.filter((other) => isNeighbour(node, other)); //@ +forward
for (const id of [1, 2, 2, 3]) nodes[id - 1]?.increment();
for (const to of nodes.slice(0, 3)) {
  for (const from of nodes.slice(0, 3)) { //@ asked {"tell
    if (!isNeighbour(from, to)) continue;
    to.receiveDowns(from.nodeId, from.localDowns); //@ +two-counters
    to.receiveUpdate(from.nodeId, from.localCount); //@ sent UPDATE; asked "share
  }
}
for (const node of nodes.slice(0, 3)) node.getTotalCount();
