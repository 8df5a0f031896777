// A replicated store by direct calls: the node that is written tells all others.

let messages = 0;

class DistributedStore {
  constructor(nodeId) {
    this.nodeId = nodeId;
    this.peers = [];
    this.data = new Map();
  }

  addPeer(node) {
    this.peers.push(node);
  }

  set(key, value) { //@ asked {"set
    this.data.set(key, value); //@ mark sets
    console.log(`${this.nodeId} sets ${key} = ${value}`);
    for (const peer of this.peers) {
      messages += 1;
      peer.replicate(key, value, this.nodeId); //@ sent REPLICATE
    }
  }

  replicate(key, value, fromNodeId) { //@ got REPLICATE
    this.data.set(key, value); //@ mark stores
    console.log(`${this.nodeId} now has ${key} = ${value} from ${fromNodeId}`);
  }

  get(key) { //@ asked {"get
    console.log(`${this.nodeId} reads ${key} = ${this.data.get(key)}`); //@ mark reads
    return this.data.get(key);
  }

  showData() {
    const all = [...this.data].map(([key, value]) => `${key} = ${value}`).sort();
    console.log(`${this.nodeId} has ${all.join(', ') || 'nothing'}`);
  }
}

// One run: the first three nodes write one key each, and node 1 reads all three.
const nodes = [];
for (let id = 1; id <= /*=nodes*/3; id += 1) nodes.push(new DistributedStore(id));
for (const node of nodes) nodes.filter((peer) => peer !== node).forEach((peer) => node.addPeer(peer));
nodes[0].set('color', 'red');
nodes[1]?.set('size', 'large');
nodes[2]?.set('shape', 'circle');

for (const key of ['color', 'size', 'shape']) nodes[0].get(key);
for (const node of nodes) node.showData();
console.log(`${messages} messages`);
