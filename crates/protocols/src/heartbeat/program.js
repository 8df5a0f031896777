// A failure detector by direct calls: each node calls its peers once a second, and looks for silent ones every two.

const HEARTBEAT = /*=heartbeat*/1000; // ms between heartbeats
const CHECK = /*=check*/2000; // ms between checks
const MISSED = /*=missed*/3; // heartbeats that may be missing //@ +detector=missed
const THRESHOLD = /*=threshold*/8; // level of suspicion //@ +detector=phi
const K = /*=k*/4; // deviations on top of the mean //@ +detector=deviation
const K = /*=k*/4; // deviations on top of the mean //@ +detector=jacobson

const mean = (gaps) => gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length; //@ +detector=phi
const mean = (gaps) => gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length; //@ +detector=deviation
const spread = (gaps) => Math.max(/*=least-deviation*/100, Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)))); //@ +detector=phi
const spread = (gaps) => Math.max(/*=least-deviation*/100, Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)))); //@ +detector=deviation
const phi = (silence, gaps) => { // how unlikely a silence is: the logistic law, close to the normal one //@ +detector=phi
  const off = (silence - mean(gaps)) / spread(gaps); //@ +detector=phi
  const x = off * (1.5976 + 0.070566 * off * off); //@ +detector=phi
  return (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) / Math.LN10; //@ +detector=phi
}; //@ +detector=phi

class HeartbeatDetector {
  constructor(nodeId, timeoutMs = /*=timeout*/3000) {
    this.nodeId = nodeId;
    this.timeoutMs = timeoutMs;
    this.lastHeartbeat = {}; // node number to the time of its latest heartbeat
    this.peers = [];
    this.alive = {};
    this.gaps = {}; // node number to the gaps between its heartbeats //@ +detector=phi
    this.gaps = {}; // node number to the gaps between its heartbeats //@ +detector=deviation
    this.usual = {}; // node number to mean and deviation of its gaps //@ +detector=jacobson
    this.suspected = {}; //@ +quorum
    this.reports = {}; // node number to those it suspects //@ +quorum
  }

  addPeer(node) {
    this.peers.push(node);
    this.alive[node.nodeId] = true;
    this.lastHeartbeat[node.nodeId] = Date.now(); // silent from now on //@ +from-start
    this.gaps[node.nodeId] = [0.75 * HEARTBEAT, 1.25 * HEARTBEAT]; // a guess //@ +detector=phi
    this.gaps[node.nodeId] = [0.75 * HEARTBEAT, 1.25 * HEARTBEAT]; // a guess //@ +detector=deviation
  }

  start() { //@ asked "start"
    this.heartbeatInterval = setInterval(() => this.sendHeartbeats(), HEARTBEAT);
    this.checkInterval = setInterval(() => this.checkFailures(), CHECK);
    console.log(`${this.nodeId} starts`);
  }

  stop() { //@ asked "stop"
    for (const timer of [this.heartbeatInterval, this.checkInterval]) clearInterval(timer);
    console.log(`${this.nodeId} stops`);
  }

  sendHeartbeats() { //@ timer Heartbeat
    console.log(`${this.nodeId} sends heartbeats`);
    const suspects = Object.keys(this.suspected); //@ +quorum
    for (const peer of this.peers) {
      peer.receiveHeartbeat(this.nodeId); //@ -quorum; sent HEARTBEAT
      peer.receiveHeartbeat(this.nodeId, suspects); //@ +quorum; sent HEARTBEAT
    }
  }

  receiveHeartbeat(from) { //@ -quorum; got HEARTBEAT
  receiveHeartbeat(from, suspects) { //@ +quorum; got HEARTBEAT
    const gap = Date.now() - this.lastHeartbeat[from]; //@ +detector=phi
    const gap = Date.now() - this.lastHeartbeat[from]; //@ +detector=deviation
    const gap = Date.now() - this.lastHeartbeat[from]; //@ +detector=jacobson
    const isUsual = this.alive[from] && gap > 0; //@ +detector=phi
    const isUsual = this.alive[from] && gap > 0; //@ +detector=deviation
    const isUsual = this.alive[from] && gap > 0; //@ +detector=jacobson
    if (isUsual) this.gaps[from] = [...this.gaps[from], gap].slice(-/*=window*/20); //@ +detector=phi
    if (isUsual) this.gaps[from] = [...this.gaps[from], gap].slice(-/*=window*/20); //@ +detector=deviation
    const old = this.usual[from] ?? { mean: gap, deviation: gap / 1.5 }; // half the first gap, in the end //@ +detector=jacobson
    const error = gap - old.mean; //@ +detector=jacobson
    if (isUsual) this.usual[from] = { mean: old.mean + error / 8, deviation: old.deviation + (Math.abs(error) - old.deviation) / 4 }; //@ +detector=jacobson
    this.lastHeartbeat[from] = Date.now();
    delete this.suspected[from]; //@ +quorum
    this.reports[from] = suspects; //@ +quorum
    this.decide(); //@ +quorum
    const wasFailed = !this.alive[from]; //@ -quorum
    if (wasFailed) { //@ -quorum
      this.alive[from] = true; //@ -quorum; mark revives
      console.log(`${this.nodeId} hears ${from} again`); //@ -quorum
    } //@ -quorum
  }

  checkFailures() { //@ timer Check
    const now = Date.now();
    for (const nodeId of Object.keys(this.lastHeartbeat)) {
      const silence = now - this.lastHeartbeat[nodeId];
      const usual = this.usual[nodeId] ?? { mean: this.timeoutMs, deviation: 0 }; //@ +detector=jacobson
      if (silence > this.timeoutMs) { //@ -detector=missed; -detector=phi; -detector=deviation; -detector=jacobson; mark declares
      if (Math.floor(silence / HEARTBEAT) >= MISSED) { //@ +detector=missed; mark declares
      if (phi(silence, this.gaps[nodeId]) >= THRESHOLD) { //@ +detector=phi; mark declares
      if (silence > mean(this.gaps[nodeId]) + K * spread(this.gaps[nodeId])) { //@ +detector=deviation; mark declares
      if (silence > usual.mean + K * usual.deviation) { //@ +detector=jacobson; mark declares
        this.suspected[nodeId] = true; //@ +quorum; mark suspects
        if (this.alive[nodeId]) { //@ -quorum
          this.alive[nodeId] = false; //@ -quorum
          console.log(`${this.nodeId} declares ${nodeId} failed`); //@ -quorum
        } //@ -quorum
      }
    }
    this.decide(); //@ +quorum
    console.log(`${this.nodeId} believes`, this.alive);
  }

  decide() { // a majority of all nodes makes the verdict //@ +quorum
    for (const { nodeId } of this.peers) { //@ +quorum
      const others = this.peers.filter((peer) => !this.suspected[peer.nodeId] && this.reports[peer.nodeId]?.includes(`${nodeId}`)); //@ +quorum
      const votes = others.length + (this.suspected[nodeId] ? 1 : 0); //@ +quorum
      const alive = votes <= (this.peers.length + 1) / 2; //@ +quorum
      if (this.alive[nodeId] && !alive) console.log(`${this.nodeId} declares ${nodeId} failed`); //@ +quorum
      if (!this.alive[nodeId] && alive) console.log(`${this.nodeId} hears ${nodeId} again`); //@ +quorum; mark revives; mark withdraws
      this.alive[nodeId] = alive; //@ +quorum
    } //@ +quorum
  } //@ +quorum

  simulateFailure() { //@ asked "simulate_failure"; mark stops
    clearInterval(this.heartbeatInterval); // it goes on checking
    console.log(`${this.nodeId} falls silent`);
  }

  simulateRecovery() { //@ asked "simulate_recovery"; mark resumes
    this.heartbeatInterval = setInterval(() => this.sendHeartbeats(), HEARTBEAT);
    console.log(`${this.nodeId} sends again`);
  }
}

// One run: node 2 falls silent after five seconds, at the same moment as a heartbeat is due, and comes back.
const nodes = [];
for (let id = 1; id <= /*=nodes*/3; id += 1) nodes.push(new HeartbeatDetector(id));
for (const node of nodes) nodes.filter((peer) => peer !== node).forEach((peer) => node.addPeer(peer));
for (const node of nodes) node.start();

setTimeout(() => nodes[1].simulateFailure(), 5000);
setTimeout(() => nodes[1].simulateRecovery(), 10000);
setTimeout(() => nodes.forEach((node) => node.stop()), 15000);
