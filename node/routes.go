package node

import "slices"

// route is one operation of the node's API, for its own customer or for a peer.
type route struct {
	pattern  string // as [http.ServeMux] takes it
	title    string // what it does, in one line, for the description of the API
	in, out  any    // zero values of the types of the bodies; nil: none, or bytes
	customer handler
	peer     peerHandler
}

// routes lists all operations; each part of the API lists its own.
func (n *Node) routes() []route {
	return slices.Concat(n.dealRoutes(), n.intakeRoutes(), n.tapeRoutes(), n.roomRoutes(), n.talkRoutes(), n.handoverRoutes(), n.auditRoutes())
}
