// Package demo plays a whole deal: a seller and two bidders, each through its
// own node, from the open deal to the documents at the buyer's node and the
// price with the seller.
//
// Nothing is simulated: the script is a client like any other. Every step looks
// whether it is done, does it if not, and looks again, so that the nodes, the
// desk and everything behind them may be killed and started again at any
// moment and the same script goes on. What a step reports is what the deal has
// on record, not what an answer said.
package demo
