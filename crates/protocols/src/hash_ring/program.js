// A hash ring: a key belongs to the first node clockwise from it.

class ConsistentHashing {
  constructor(numberOfReplicas = 3) {
    this.numberOfReplicas = numberOfReplicas; // points of each node
    this.ring = {}; // the owner of each point
    this.sortedKeys = []; // all points, in order
    this.nodes = new Set();
  }

  addNode(node) { //@ got JOIN; got NEWS
    if (this.nodes.has(node)) return;
    this.nodes.add(node);
    for (let i = 0; i < this.numberOfReplicas; i += 1) {
      const key = this.hash(`${node}:${i}`);
      this.ring[key] = node; // the node that was here is forgotten //@ -share-points
      (this.ring[key] ??= []).push(node); //@ +share-points
    }
    this.sortPoints();
  }

  removeNode(node) { //@ got LEAVE
    if (!this.nodes.has(node)) return;
    this.nodes.delete(node);
    for (let i = 0; i < this.numberOfReplicas; i += 1) {
      const key = this.hash(`${node}:${i}`);
      delete this.ring[key]; // even if another node owns it now //@ -share-points
      this.ring[key] = this.ring[key].filter((other) => other !== node); //@ +share-points
      if (this.ring[key].length === 0) delete this.ring[key]; //@ +share-points
    }
    this.sortPoints();
  }

  sortPoints() {
    const points = Object.keys(this.ring).map(Number);
    this.sortedKeys = points.sort((one, other) => one - other);
  }

  getNode(key) { //@ asked {"get"; asked {"put"; asked {"count"; got ASK
    const all = [...this.nodes]; //@ +scheme=mod-n
    return all[this.hash(key) % all.length]; // no ring at all //@ +scheme=mod-n
    if (this.sortedKeys.length === 0) return null;
    const idx = this.findClosestNodeIdx(this.hash(key));
    return this.ring[this.sortedKeys[idx]]; //@ -share-points
    const number = (node) => Number(node.slice(4)); //@ +share-points
    return this.ring[this.sortedKeys[idx]].sort((a, b) => number(a) - number(b))[0]; //@ +share-points
  }

  findClosestNodeIdx(hash) { //@ asked {"lookup"
    let left = 0;
    let right = this.sortedKeys.length - 1;
    if (hash > this.sortedKeys[right]) return 0; // past the last point: continue at 0
    while (left <= right) {
      const mid = Math.floor((left + right) / 2);
      if (this.sortedKeys[mid] === hash) return mid; //@ mark compares
      if (this.sortedKeys[mid] > hash) right = mid - 1; //@ timer Compare
      else left = mid + 1;
    }
    return left % this.sortedKeys.length;
  }

  hash(key) {
    let hash = 0; //@ -hash=mixed
    for (let i = 0; i < key.length; i += 1) { //@ -hash=mixed
      hash = (hash * 31 + key.charCodeAt(i)) % 1000; // node1:0 and node1:1 are neighbours //@ -hash=mixed
    } //@ -hash=mixed
    return hash; //@ -hash=mixed
    let hash = 0x811c9dc5; // FNV-1a over the bytes, then the last step of MurmurHash3 //@ +hash=mixed
    for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193); //@ +hash=mixed
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b); //@ +hash=mixed
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35); //@ +hash=mixed
    return (hash ^ (hash >>> 16)) >>> 0; //@ +hash=mixed
  }

  getDistribution(keys) {
    const distribution = {};
    for (const node of this.nodes) distribution[node] = 0;
    for (const key of keys) {
      const node = this.getNode(key);
      if (node) distribution[node] += 1;
    }
    return distribution;
  }
}

// One run: all nodes, one more, and without the second.
const keys = Array.from({ length: /*=keys*/100 }, (_, i) => `key${i}`);
const count = /*=nodes*/3;
const apart = /*=apart*/1;
const name = (nth) => `node${1 + (nth - 1) * apart}`;
const ring = new ConsistentHashing(/*=virtual_nodes*/3);
let before = null;

function tell(what) {
  const owners = keys.map((key) => ring.getNode(key));
  const moved = before ? owners.filter((owner, i) => owner !== before[i]).length : 0;
  before = owners;
  console.log(`${what}: ${JSON.stringify(ring.getDistribution(keys))}, ${moved} moved`);
}

for (let nth = 1; nth <= count; nth += 1) ring.addNode(name(nth));
tell(`${count} nodes`);
ring.addNode(name(count + 1));
tell(`${name(count + 1)} came`);
ring.removeNode(name(2));
tell(`${name(2)} went`);
for (const key of keys.slice(0, 5)) console.log(`${key} lies at ${ring.getNode(key)}`);
