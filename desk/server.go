package desk

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"cession/chain/lane"
	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// actTimeout is how long an act may take before its outcome counts as lost.
const actTimeout = 60 * time.Second

// Config is what a desk is made of. Members marked optional may be nil.
type Config struct {
	Store  *Store
	Deals  Deals
	Market deal.Market
	// Pack returns the digest of the policy pack that is in force: new deals are
	// pinned to it. Without one no deal is opened.
	Pack       func() deal.Commitment
	Packs      Packs            // policy packs, for everyone to read; optional
	Seal       Seal             // makes the records of decisions on operators' commands; optional: then there are none
	Plan       func() deal.Plan // that new deals follow; optional: [deal.Standard]
	Signatures Signatures
	Auth       Authenticator
	// NodeRecords checks that a node record is the party's own and whole. It
	// fails with kind invalid or refused.
	NodeRecords func(ctx context.Context, p deal.Party, record json.RawMessage) (NodeMeta, error)
	// Explain asks policy without acting; optional.
	Explain func(ctx context.Context, q deal.Question) (deal.Decision, error)
	// Private reports whether the figure a rule of a pack shows concerns the acting
	// party alone, and is not for who it deals with; optional.
	Private func(pack deal.Commitment, rule string) bool
	// Lanes send the market's transactions; optional.
	Lanes Lanes
	// Operate is the policy gate of operators' commands to lanes. Without one all
	// are refused.
	Operate func(ctx context.Context, o Operation) (Judgment, error)
	Ready   []Check      // besides the store; optional
	Log     *slog.Logger // receives identifiers and the texts of the desk's own failures; optional
	Limits  Limits
	Now     func() time.Time // optional: [time.Now]
}

// Server is the operator's HTTP API.
type Server struct {
	store       *Store
	deals       Deals
	market      deal.Market
	plan        PlanInfo
	pack        func() deal.Commitment
	packs       Packs
	seal        Seal
	isPrivate   func(deal.Commitment, string) bool
	signatures  Signatures
	auth        Authenticator
	nodeRecords func(context.Context, deal.Party, json.RawMessage) (NodeMeta, error)
	evaluate    func(context.Context, deal.Question) (deal.Decision, error)
	lanes       Lanes
	gate        func(context.Context, Operation) (Judgment, error)
	ready       []Check
	log         *slog.Logger
	meter       *meter
	now         func() time.Time
	handler     http.Handler
}

// New returns a desk, or an error of kind invalid if a part is missing or the
// plan is not sound.
func New(c Config) (*Server, error) {
	if c.Store == nil || c.Deals == nil || c.Signatures == nil || c.Auth == nil || c.NodeRecords == nil {
		return nil, deal.Errorf(deal.Invalid, "desk: want a store, an engine, signatures, an authenticator and a check of node records")
	}
	if c.Plan == nil {
		c.Plan = deal.Standard
	}
	if c.Pack == nil {
		c.Pack = func() deal.Commitment { return deal.Commitment{} }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	plan := c.Plan()
	if err := plan.Check(); err != nil {
		return nil, err
	}
	s := &Server{
		store: c.Store, deals: c.Deals, market: c.Market, pack: c.Pack, packs: c.Packs, seal: c.Seal, isPrivate: c.Private, plan: PlanInfo{plan, plan.Hash(), ActSchema(plan)},
		signatures: c.Signatures, auth: c.Auth, nodeRecords: c.NodeRecords, evaluate: c.Explain, lanes: c.Lanes, gate: c.Operate,
		ready: append([]Check{{"store", c.Store.Ping}}, c.Ready...), log: c.Log, meter: newMeter(c.Limits), now: c.Now,
	}
	s.handler = s.recovered(s.routes())
	return s, nil
}

// Handler returns the API: /v1/… for callers with a credential, /openapi.json
// for everyone.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, s.apiConfig())
	s.dealRoutes(api)
	s.eventRoutes(api)
	s.partyRoutes(api)
	s.marketRoutes(api)
	s.decisionRoutes(api)
	s.packRoutes(api)
	s.laneRoutes(api)
	routes := known(mux)
	guarded := s.guard(s.idempotent(routes))
	outer := http.NewServeMux()
	outer.Handle("/v1/", guarded)
	outer.Handle("/", routes)
	return outer
}

func (s *Server) apiConfig() huma.Config {
	c := huma.DefaultConfig("Cession desk", "1")
	c.Info.Description = "Open a deal, act in it, look at it. Errors are problems as of RFC 9457; their kind says what to do."
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema members in answers
	c.Transformers = []huma.Transformer{asProblem}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[deal.Value](), reflect.TypeFor[valueSchema]())
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":  {Type: "http", Scheme: "bearer", Description: "a token the operator issued"},
		"wallet": {Type: "apiKey", In: "header", Name: "Authorization", Description: "Wallet <party>.<expiry, Unix seconds>.<0x signature of the EIP-712 message SignIn>"},
	}
	c.Security = []map[string][]string{{"token": {}}, {"wallet": {}}}
	return c
}

// schemaName tells the lane's types from others of the same name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() == reflect.TypeFor[lane.Item]().PkgPath() {
		return "Lane" + name
	}
	return name
}

// valueSchema is the JSON form of deal.Value.
type valueSchema struct {
	Kind  deal.ValueKind `json:"kind" enum:"amount,time,count,commitment,sealed,act,address,party,choice,key,signature"`
	Value string         `json:"value" doc:"canonical text"`
}

// handle registers an operation. Whatever error it returns becomes a problem.
func handle[I, O any](s *Server, api huma.API, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	op.BodyReadTimeout = -1 // the guard has read it
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxBody
	}
	op.Responses = map[string]*huma.Response{"default": {
		Description: "A problem",
		Content: map[string]*huma.MediaType{problemType: {
			Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem"),
		}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.explain(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// body is an answer with a JSON body.
type body[T any] struct{ Body T }

// none is an answer without a body.
type none struct{}
