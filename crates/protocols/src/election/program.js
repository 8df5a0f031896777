// Leader election as in the activity: a call asks, and the value it returns is the answer.

const DELAY = /*=delay*/100; // ms before a node that was asked starts its own election
const TIMEOUT = /*=timeout*/1000; //@ +guard
const HEARTBEAT = /*=heartbeat*/1000; //@ +detect
const SUSPECT = /*=suspect*/4000; //@ +detect
const sent = { ELECTION: 0, OK: 0, LEADER: 0 };
let claims = 0;

class Node {
  constructor(id) {
    this.id = id;
    this.leaderId = null;
    this.nodes = [];
    this.began = -Infinity; // when its latest election began //@ +guard
    this.term = 0; //@ +terms
    this.supports = 0; // the latest term in which it supported a node //@ +majority
  }

  addNodes(nodes) {
    this.nodes = nodes.filter((node) => node.id !== this.id);
  }

  startElection() { //@ asked "Start"
    console.log(`${this.id} starts an election`); //@ mark starts-election; timer Own
    this.began = Date.now(); //@ +guard
    this.term += 1; //@ +terms
    const higherNodes = this.nodes.filter((node) => node.id > this.id);
    if (higherNodes.length === 0) {
      this.becomeLeader();
      return;
    }
    const asked = higherNodes; //@ -ask-highest-first
    const asked = higherNodes.slice(-1); // if it lives, it outranks all others //@ +ask-highest-first
    let receivedResponse = false;
    asked.forEach((node) => {
      sent.ELECTION += 1;
      const response = node.receiveElection(this.id); //@ sent ELECTION
      if (response) receivedResponse = true; //@ got OK
    });
    if (!receivedResponse) this.becomeLeader();
    else setTimeout(() => { if (this.leaderId === null) this.startElection(); }, 2 * 1000); //@ +wait; timer Announcement
  }

  receiveElection(senderId) { //@ got ELECTION
    sent.OK += 1;
    const again = Date.now() - this.began >= TIMEOUT; // not asked a moment ago //@ +guard
    if (again) this.began = Date.now(); //@ +guard
    setTimeout(() => this.startElection(), DELAY); // once for each time it is asked //@ -guard
    if (again) setTimeout(() => this.startElection(), DELAY); //@ +guard
    return true; // a call cannot tell a node that is down from one that was not asked //@ sent OK
  }

  becomeLeader() {
    this.term += 1; //@ +majority; mark asks-support
    const support = this.nodes.filter((node) => node.receiveClaim(this.term)).length; //@ +majority; sent CLAIM; got SUPPORT
    if (support + 1 <= (this.nodes.length + 1) / 2) return; // half or fewer are no majority //@ +majority
    console.log(`${this.id} becomes the leader`); //@ mark leads
    claims += 1;
    this.leaderId = this.id;
    this.nodes.forEach((node) => {
      sent.LEADER += 1;
      node.receiveLeaderAnnouncement(this.id, this.term); //@ +terms; sent LEADER
      node.receiveLeaderAnnouncement(this.id); //@ -terms; sent LEADER
    });
    setInterval(() => this.nodes.forEach((node) => node.receiveHeartbeat(this.id)), HEARTBEAT).unref(); //@ +detect; timer Beat; sent HEARTBEAT
  }

  receiveClaim(term) { //@ +majority; got CLAIM
    if (term <= this.supports) return false; //@ +majority; mark no-support
    this.supports = term; //@ +majority
    this.term = term; //@ +majority
    return true; //@ +majority; sent SUPPORT
  } //@ +majority

  receiveLeaderAnnouncement(leaderId) { //@ -terms; got LEADER
  receiveLeaderAnnouncement(leaderId, term) { //@ +terms; got LEADER
    if (term < this.term) return; // announced too late //@ +terms; mark ignores
    this.term = term; //@ +terms
    if (leaderId < this.id) return this.startElection(); //@ +refuse-lower; mark will-not-follow
    this.leaderId = leaderId;
    this.receiveHeartbeat(leaderId); //@ +detect
  }

  receiveHeartbeat(leaderId) { //@ +detect; got HEARTBEAT
    clearTimeout(this.suspicion); //@ +detect
    this.suspicion = setTimeout(() => { //@ +detect
      this.leaderId = null; //@ +detect; mark misses
      this.startElection(); //@ +detect; timer Suspect
    }, SUSPECT).unref(); //@ +detect
  } //@ +detect
}

// One run: the nodes, those that are down, those that start.
const nodes = [];
for (let id = 1; id <= /*=nodes*/5; id += 1) nodes.push(new Node(id));
nodes.forEach((node) => node.addNodes(nodes));
const down = /*=crashed*/[];
for (const id of down) {
  nodes[id - 1].receiveElection = () => false;
  nodes[id - 1].receiveLeaderAnnouncement = () => {};
}
for (const id of /*=starter*/[2]) nodes[id - 1].startElection(); //@ timer Begin

setTimeout(() => {
  const all = sent.ELECTION + sent.OK + sent.LEADER;
  console.log(`${all} messages: ${sent.ELECTION} ELECTION, ${sent.OK} OK, ${sent.LEADER} LEADER`);
  console.log(`${claims} times a node became the leader`);
  for (const node of nodes) console.log(`${node.id} follows ${node.leaderId ?? 'nobody'}`);
}, 2000 + nodes.length * DELAY); // after the last election
