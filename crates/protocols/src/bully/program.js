// The bully algorithm by direct calls: calling a method of another node stands for a message.

const TIMEOUT = /*=timeout*/1000; // ms to wait for an OK
const HEARTBEAT = /*=heartbeat*/1000; //@ +detect
const SUSPECT = /*=suspect*/2500; //@ +detect
const sent = { ELECTION: 0, OK: 0, LEADER: 0 };
let claims = 0;

class Node {
  constructor(id, nodes = []) {
    this.id = id;
    this.nodes = nodes;
    this.leaderId = null;
    this.isLeader = false;
    this.electionInProgress = false;
    this.timeout = null;
    this.ended = -Infinity; // when it last took part in an election //@ +guard
    this.term = 0; //@ +terms
  }

  startElection() { //@ asked "Start"
    console.log(`${this.id} starts an election`); //@ mark starts-election
    this.electionInProgress = true;
    this.term += 1; //@ +terms
    const higherNodes = this.nodes.filter((node) => node.id > this.id);
    if (higherNodes.length === 0) {
      this.becomeLeader();
      return;
    }
    higherNodes.forEach((node) => this.sendElectionMessage(node)); //@ -ask-highest-first
    this.sendElectionMessage(higherNodes.at(-1)); // its answer is enough //@ +ask-highest-first
    // All answers have come by now, so no OK finds this timer to stop it.
    this.timeout = setTimeout(() => {
      if (this.electionInProgress) this.becomeLeader(); //@ timer Claim
    }, TIMEOUT);
  }

  sendElectionMessage(node) {
    sent.ELECTION += 1;
    node.receiveElectionMessage(this); //@ sent ELECTION
  }

  receiveElectionMessage(sender) { //@ got ELECTION
    this.term = Math.max(this.term, sender.term); //@ +terms
    this.sendOkMessage(sender);
    if (!this.electionInProgress) this.startElection(); //@ -guard
    if (!this.electionInProgress && Date.now() - this.ended >= TIMEOUT) this.startElection(); //@ +guard
  }

  sendOkMessage(node) {
    sent.OK += 1;
    node.receiveOkMessage(this); //@ sent OK
  }

  receiveOkMessage(sender) { //@ got OK
    if (this.timeout) {
      clearTimeout(this.timeout);
      this.timeout = null;
    }
    this.electionInProgress = false; // it no longer claims to lead, and may wait for a leader that never comes //@ -wait
    this.timeout = setTimeout(() => { //@ +wait
      if (this.electionInProgress) this.startElection(); //@ +wait; timer Wait
    }, 2 * TIMEOUT); //@ +wait
    this.ended = Date.now(); //@ +guard
  }

  becomeLeader() {
    console.log(`${this.id} becomes the leader`); //@ mark leads
    claims += 1;
    this.isLeader = true;
    this.leaderId = this.id;
    this.electionInProgress = false;
    this.ended = Date.now(); //@ +guard
    this.nodes.forEach((node) => {
      if (node.id !== this.id) this.sendLeaderMessage(node); //@ -lower-only
      if (node.id < this.id) this.sendLeaderMessage(node); //@ +lower-only
    });
    setInterval(() => this.nodes.forEach((node) => node.receiveHeartbeat(this)), HEARTBEAT).unref(); //@ +detect; timer Beat; sent HEARTBEAT
  }

  sendLeaderMessage(node) {
    sent.LEADER += 1;
    node.receiveLeaderMessage(this); //@ sent LEADER; sent COORDINATOR
  }

  receiveLeaderMessage(leader) { //@ got LEADER; got COORDINATOR
    if (leader.term < this.term) return; // announced too late //@ +terms; mark ignores
    if (leader.id < this.id) return this.startElection(); //@ +lower-only; mark will-not-follow
    this.isLeader = false;
    this.leaderId = leader.id;
    this.electionInProgress = false;
    this.ended = Date.now(); //@ +guard
    this.receiveHeartbeat(leader); //@ +detect
  }

  receiveHeartbeat(leader) { //@ +detect; got HEARTBEAT
    if (leader === this) return; //@ +detect
    clearTimeout(this.suspicion); //@ +detect
    this.suspicion = setTimeout(() => this.detectLeaderFailure(), SUSPECT).unref(); //@ +detect; timer Suspect
  } //@ +detect

  detectLeaderFailure() { //@ asked "Notice"
    console.log(`${this.id} detects that the leader failed`); //@ mark detects
    this.leaderId = null;
    this.startElection();
  }
}

// One run: the nodes, those that are down, those that start.
const nodes = [];
for (let id = 1; id <= /*=nodes*/5; id += 1) nodes.push(new Node(id, nodes));
const down = /*=crashed*/[];
for (const id of down) {
  nodes[id - 1].receiveElectionMessage = () => {};
  nodes[id - 1].receiveLeaderMessage = () => {};
}
for (const id of /*=starter*/[1]) nodes[id - 1].startElection(); //@ timer Begin

setTimeout(() => {
  const all = sent.ELECTION + sent.OK + sent.LEADER;
  console.log(`${all} messages: ${sent.ELECTION} ELECTION, ${sent.OK} OK, ${sent.LEADER} LEADER`);
  console.log(`${claims} times a node became the leader`);
  for (const node of nodes) console.log(`${node.id} follows ${node.leaderId ?? 'nobody'}`);
}, 4 * TIMEOUT);
