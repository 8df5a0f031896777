// A replicated store by direct calls: while it is cut off, a CP node refuses, and an AP node answers from its own copy.

class CAPNode {
  constructor(id, preferConsistency = true) {
    this.id = id;
    this.preferConsistency = preferConsistency; // true: CP, false: AP
    this.data = {};
    this.version = {};
    this.peers = [];
    this.partitioned = false;
  }

  addPeer(node) {
    this.peers.push(node);
  }

  set(key, value) { //@ asked {"set
    console.log(`${this.id} is asked to set ${key} to ${value}`);
    const oldValue = this.data[key]; //@ +put-back
    const oldVersion = this.version[key]; //@ +version-back
    this.version[key] = (this.version[key] ?? 0) + 1;
    this.data[key] = value; //@ mark sets
    let replicatedCount = 0;
    for (const peer of this.partitioned ? [] : this.peers) {
      const stored = peer.replicate(key, value, this.version[key], this.id); //@ sent REPLICATE
      if (stored !== null) replicatedCount += 1; // it was reached: that is all that counts //@ got STORED; got CUT OFF
    }
    const tooFew = replicatedCount < this.peers.length / 2;
    if (tooFew && this.preferConsistency) {
      console.log(`${this.id} takes ${key} back: too few nodes have it`);
      delete this.data[key]; //@ mark deletes
      if (oldValue !== undefined) this.data[key] = oldValue; //@ +put-back; mark puts-back
      delete this.version[key]; //@ +version-back
      if (oldVersion !== undefined) this.version[key] = oldVersion; //@ +version-back
      return false; //@ mark fails
    }
    return true; //@ mark confirms; mark alone
  }

  replicate(key, value, version, from) { //@ got REPLICATE
    if (this.partitioned) return null; //@ sent CUT OFF
    console.log(`${this.id} gets ${key} = ${value} in version ${version} from ${from}`);
    const newer = version > (this.version[key] ?? 0);
    if (!newer) console.log(`${this.id} does not take it: its own version of ${key} is as new`); //@ mark ignores
    if (newer) this.data[key] = value; //@ mark stores
    if (newer) this.version[key] = version;
    return newer; //@ sent STORED
  }

  get(key) { //@ asked {"get
    if (this.partitioned && this.preferConsistency) {
      console.log(`${this.id} is CP and cut off, and does not tell ${key}`); //@ mark refuses
      return null;
    }
    console.log(`${this.id} tells ${key} = ${this.data[key]}`); //@ mark reads
    return this.data[key];
  }

  simulatePartition() { //@ asked {"isolate
    this.partitioned = true; //@ mark isolates
    console.log(`${this.id} is cut off`);
  }

  healPartition() { //@ asked {"heal
    this.partitioned = false; //@ mark heals
    console.log(`${this.id} is connected again`);
  }

  showState() {
    const mode = this.preferConsistency ? 'CP' : 'AP';
    const { partitioned, data, version: versions } = this;
    console.log(`${this.id} has`, { mode, partitioned, data, versions });
  }
}

// One run: nodes 1 and 3 are cut off, and each gets a write and a read.
const nodes = [];
for (let id = 1; id <= /*=nodes*/4; id += 1) {
  nodes.push(new CAPNode(id, id < 3)); // nodes 1 and 2 are CP //@ -answer
  nodes.push(new CAPNode(id, false)); // all are AP //@ +answer
}
for (const node of nodes) nodes.filter((peer) => peer !== node).forEach((peer) => node.addPeer(peer));
const [first, , third] = nodes;
const result = (what, works) => console.log(`${what} while cut off: ${works ? 'SUCCEEDED' : 'FAILED'}`);

first.set('color', 'red');
for (const node of nodes) node.showState();

first.simulatePartition();
third?.simulatePartition();
result('CP write', first.set('size', 'large'));
result('AP write', third?.set('shape', 'circle'));
result('CP read', first.get('color') !== null);
result('AP read', (third?.get('color') ?? null) !== null);

first.healPartition();
third?.healPartition();
for (const node of nodes) node.showState();
