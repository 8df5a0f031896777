// Gossip by direct calls: once a round, each node sends all it has to a random other node.

const EVERY = /*=every*/1000; // ms between rounds
let messages = 0;
let updates = 0;

class Node {
  constructor(id, nodes) {
    this.id = id;
    this.nodes = nodes;
    this.data = new Map(); // key to { value, version }
    this.timer = null;
  }

  startGossiping() { //@ asked "start"
    this.timer = setInterval(() => this.gossip(), EVERY);
  }

  stopGossiping() { //@ asked "stop"
    clearInterval(this.timer);
  }

  gossip() { //@ timer Gossip
    const peers = this.nodes.filter((node) => node !== this);
    const peer = peers[Math.floor(Math.random() * peers.length)];
    messages += 1;
    peer.receiveGossip(this.getSummary()); //@ sent GOSSIP
  }

  getSummary() {
    return new Map(this.data); // everything, each time
  }

  receiveGossip(summary) { //@ got GOSSIP
    for (const [key, theirs] of summary) {
      const mine = this.data.get(key);
      if (mine && theirs.version <= mine.version) continue; // equal versions are ignored
      this.data.set(key, theirs); //@ mark updates
      updates += 1;
    }
  }

  setValue(key, value) { //@ asked {"set
    const version = (this.data.get(key)?.version ?? 0) + 1;
    this.data.set(key, { value, version }); //@ mark sets
  }

  getValue(key) { //@ asked {"get; mark reads
    return this.data.get(key)?.value;
  }

  getAllData() {
    return [...this.data].map(([key, { value, version }]) => `${key} = ${value} (${version})`).sort();
  }
}

// One run: three keys, and a second colour after three rounds.
const nodes = [];
for (let id = 1; id <= /*=nodes*/5; id += 1) nodes.push(new Node(id, nodes));
nodes[0].setValue('color', 'red');
nodes[2]?.setValue('size', 'large');
nodes[4]?.setValue('shape', 'circle');
for (const node of nodes) node.startGossiping();
setTimeout(() => nodes[1]?.setValue('color', 'blue'), 3.001 * EVERY);

setTimeout(() => {
  for (const node of nodes) node.stopGossiping();
  console.log(`${messages} messages, ${updates} updates`);
  for (const node of nodes) console.log(`${node.id} has ${node.getAllData().join(', ') || 'nothing'}`);
}, 6.5 * EVERY);
