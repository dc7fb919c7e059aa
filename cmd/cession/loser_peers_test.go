//go:build !slim

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/node"
)

// errOpen says that something was not refused.
var errOpen = errors.New("it was let in")

// closed turns what was opened into an error.
func closed(body io.ReadCloser, err error) error {
	if err != nil {
		return err
	}
	return errors.Join(errOpen, body.Close())
}

// ends are the requests that the nodes of others answer to peers.
func (s sale) ends() (list []httpRequest) {
	ticket := deal.NewSalt()
	if release := s.Deal.Last("handover", "release"); release != nil {
		ticket = release.Act.ID // stolen; before, an invented one
	}
	add := func(method, path string, header http.Header, body any) {
		list = append(list, httpRequest{method: method, url: "/peer/v1/deals/" + string(s.ID) + path, header: header, body: body})
	}
	add(http.MethodGet, "/room/documents", nil, nil)
	add(http.MethodGet, "/faq?after=0", nil, nil)
	add(http.MethodGet, "/handover?ticket="+ticket.String(), nil, nil)
	for i := range s.documents {
		add(http.MethodGet, fmt.Sprintf("/room/documents/%d", i), nil, nil)
		add(http.MethodGet, fmt.Sprintf("/room/documents/%d/pages", i), nil, nil)
		add(http.MethodGet, fmt.Sprintf("/room/documents/%d/pages/1", i), nil, nil)
		add(http.MethodGet, fmt.Sprintf("/handover/%d?ticket=%s", i, ticket), http.Header{"Range": {"bytes=0-99"}}, nil)
	}
	add(http.MethodPost, "/handover/done", nil, map[string]any{"release": ticket, "root": s.Title.Documents.Root, "count": s.documents})
	question := deal.Commitment{}
	if asked := s.Room("borealis-fund").Last("questions", "ask"); asked != nil {
		question = asked.Act.ID
	}
	add(http.MethodPost, "/messages", nil, node.Message{Act: question, Field: "question", Party: "borealis-fund", Salt: deal.NewSalt(), Text: "another"})
	return list
}

// peers asks the seller's and the winner's node directly: as itself, as the
// winner, and without a certificate.
func (l *loser) peers(ctx context.Context, s sale) error {
	for whose, party := range map[string]deal.PartyID{"seller": l.cfg.Seller, "winner": l.cfg.Bidders[0]} {
		var at nodeFile
		if err := readJSON(in(l.m.home(party), nodeName), &at); err != nil {
			return err
		}
		for as, claim := range map[string]deal.PartyID{"itself": l.id, "the winner": l.cfg.Bidders[0], "nobody": l.id} {
			c, err := l.dial(party, as != "nobody")
			if err != nil {
				return err
			}
			for _, r := range s.ends() {
				what := peerName(r)
				r.url = at.URL + r.url
				r.header = r.header.Clone()
				if r.header == nil {
					r.header = http.Header{}
				}
				r.header.Set("Cession-Party", string(claim))
				a, err := r.send(ctx, c)
				if err != nil {
					return err
				}
				l.note(s, refusalIn(a), "peer of the %s's node as %-10s %s", whose, as, what)
			}
			if as == "itself" && party == l.cfg.Seller {
				if err := l.ownTalks(ctx, s, c, at.URL); err != nil {
					return err
				}
			}
			c.CloseIdleConnections()
		}
	}
	return nil
}

func peerName(r httpRequest) string {
	path, _, _ := strings.Cut(r.url, "?")
	return r.method + " …/" + strings.Join(strings.Split(path, "/")[5:], "/")
}

// ownTalks checks that the seller's node shows the loser the texts of its own
// room, and no others.
func (l *loser) ownTalks(ctx context.Context, s sale, c *http.Client, url string) error {
	a, err := httpRequest{
		method: http.MethodGet, url: url + "/peer/v1/deals/" + string(s.ID) + "/messages", header: http.Header{"Cession-Party": {string(l.id)}},
	}.send(ctx, c)
	if err != nil {
		return err
	}
	var list []node.Message
	if err := json.Unmarshal(a.body, &list); err != nil || len(list) == 0 {
		return fmt.Errorf("talks of the loser's own room: status %d, %d texts, %w", a.status, len(list), err)
	}
	for _, m := range list {
		if _, own := s.Room(l.id).Find(m.Act); !own {
			l.t.Errorf("%s: the seller's node shows the loser the %s of another room", s.stage, m.Field)
		}
	}
	return nil
}

// dial makes a client of a party's node, with the loser's certificate or none.
func (l *loser) dial(party deal.PartyID, certified bool) (*http.Client, error) {
	own := filepath.Join(l.home, "tls.pem")
	pair, err := tls.LoadX509KeyPair(own, own)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(mustRead(l.t, filepath.Join(l.m.home(party), "tls.pem")))
	cfg := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: pool, ServerName: "localhost"}
	if certified {
		cfg.Certificates = []tls.Certificate{pair}
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: cfg}, Timeout: time.Minute}, nil
}

// refusalIn returns the error an answer tells of.
func refusalIn(a answer) error {
	if a.status < 300 {
		return errOpen
	}
	var p struct {
		Kind deal.Kind `json:"kind"`
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		return fmt.Errorf("status %d: %w", a.status, err)
	}
	return deal.Errorf(p.Kind, "status %d", a.status)
}

// unauthorized is [refusalIn] for those who have no credential at all.
func unauthorized(a answer) error {
	if a.status != http.StatusUnauthorized {
		return fmt.Errorf("%w: status %d", errOpen, a.status)
	}
	return refusalIn(a)
}

// strangers asks the nodes of others and the desk with credentials of somebody
// else, with wrong ones and with none.
func (l *loser) strangers(ctx context.Context, s sale) error {
	token, err := readSecret(in(l.home, "token"))
	if err != nil {
		return err
	}
	deskAccess, err := readSecret(in(l.home, deskToken))
	if err != nil {
		return err
	}
	for whose, party := range map[string]deal.PartyID{"seller": l.cfg.Seller, "winner": l.cfg.Bidders[0]} {
		var at nodeFile
		if err := readJSON(in(l.m.home(party), nodeName), &at); err != nil {
			return err
		}
		c, err := l.dial(party, true)
		if err != nil {
			return err
		}
		for who, auth := range map[string]string{"the loser's token": "Bearer " + token, "its desk token": "Bearer " + deskAccess, "a wrong token": "Bearer x", "no token": ""} {
			for _, r := range customerEnds(s) {
				what := r.method + " " + strings.Replace(r.url, string(s.ID), "…", 1)
				r.url, r.header = at.URL+r.url, authorization(auth)
				a, err := r.send(ctx, c)
				if err != nil {
					return err
				}
				l.note(s, unauthorized(a), "customer of the %s's node with %-18s %s", whose, who, what)
			}
		}
		c.CloseIdleConnections()
	}
	return l.outsiders(ctx, s)
}

func authorization(value string) http.Header {
	if value == "" {
		return http.Header{}
	}
	return http.Header{"Authorization": {value}}
}

// customerEnds are the requests that a node answers its own customer.
func customerEnds(s sale) (list []httpRequest) {
	base := "/v1/deals/" + string(s.ID)
	for _, path := range []string{base, base + "/documents", base + "/room/documents", base + "/rooms/cirrus-capital/messages", base + "/handover", "/v1/views", "/v1/record"} {
		list = append(list, httpRequest{method: http.MethodGet, url: path})
	}
	for i := range s.documents {
		list = append(list, httpRequest{method: http.MethodGet, url: fmt.Sprintf("%s/documents/%d", base, i)},
			httpRequest{method: http.MethodPut, url: fmt.Sprintf("%s/documents/%d", base, i), body: "x"},
			httpRequest{method: http.MethodGet, url: fmt.Sprintf("%s/room/documents/%d", base, i)})
	}
	return append(list, httpRequest{method: http.MethodPost, url: "/v1/deals"}, httpRequest{method: http.MethodPost, url: base + "/documents/plan", body: []string{}},
		httpRequest{method: http.MethodPost, url: "/v1/acts", body: node.ActRequest{Deal: s.ID, Step: "cancellation", Action: "cancel"}},
		httpRequest{method: http.MethodDelete, url: base + "/handover"})
}

// outsiders asks the desk for the deal with credentials it does not know.
func (l *loser) outsiders(ctx context.Context, s sale) error {
	url := mustOperator(l.t, l.m.data).Desk
	stranger := &desk.WalletCredential{Party: "delta-stranger", Audience: audience(l.market), ChainID: l.market.ChainID, Sign: l.wallet.SignTypedData}
	winner := &desk.WalletCredential{Party: l.cfg.Bidders[0], Audience: audience(l.market), ChainID: l.market.ChainID, Sign: l.wallet.SignTypedData}
	elsewhere := &desk.WalletCredential{Party: l.id, Audience: "cession:elsewhere", ChainID: l.market.ChainID, Sign: l.wallet.SignTypedData}
	for who, cred := range map[string]desk.Credential{
		"no token": desk.Token(""), "a wrong token": desk.Token("x"), "a stranger's wallet": stranger,
		"the loser's wallet as the winner": winner, "a sign-in for another desk": elsewhere,
	} {
		auth, err := cred.Authorization(ctx)
		if err != nil {
			return err
		}
		for _, path := range []string{"/v1/deals", "/v1/deals/" + string(s.ID), "/v1/deals/" + string(s.ID) + "/history", "/v1/deals/" + string(s.ID) + "/events", "/v1/events", "/v1/parties", "/v1/transactions"} {
			a, err := httpRequest{method: http.MethodGet, url: url + path, header: authorization(auth)}.send(ctx, http.DefaultClient)
			if err != nil {
				return err
			}
			l.note(s, unauthorized(a), "desk with %-33s %s", who, strings.Replace(path, string(s.ID), "…", 1))
		}
	}
	return nil
}
