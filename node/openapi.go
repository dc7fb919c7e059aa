package node

import (
	"net/http"
	"path"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"cession/deal"
)

// OpenAPI returns the description of the node's API, OpenAPI 3.1, made from its
// routes: those of the customer and those of peers.
func (n *Node) OpenAPI() *huma.OpenAPI { return describe(n.routes()) }

func describe(routes []route) *huma.OpenAPI {
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	schemas.RegisterTypeAlias(reflect.TypeFor[deal.Value](), reflect.TypeFor[valueSchema]())
	api := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Cession node", Version: "1",
			Description: "A party's own node. Errors are problems as of RFC 9457: kind says what to do, code why a node refused. " +
				"Operations under /peer are for other parties' nodes, which present the certificate of their node record.",
		},
		Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
			"token": {Type: "http", Scheme: "bearer", Description: "the node's token, from the file token in its folder"},
			"peer":  {Type: "mutualTLS", Description: "the certificate of the party's node record; the party is in the header " + partyHeader},
		}},
		Paths: map[string]*huma.PathItem{},
	}
	problem := &huma.Response{Description: "A problem", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
	}}
	for _, r := range routes {
		method, where, _ := strings.Cut(r.pattern, " ")
		api.Paths[where] = withOperation(api.Paths[where], method, r.operation(method, where, schemas, problem))
	}
	return api
}

func (r route) operation(method, where string, schemas huma.Registry, problem *huma.Response) *huma.Operation {
	op := &huma.Operation{
		OperationID: operationID(method, where), Summary: r.title, Method: method, Path: where,
		Tags: []string{"customer"}, Security: []map[string][]string{{"token": {}}},
		Parameters: parameters(r, method, where),
		Responses:  map[string]*huma.Response{"2XX": {Description: "Done"}, "default": problem},
	}
	if r.peer != nil {
		op.Tags, op.Security = []string{"peer"}, []map[string][]string{{"peer": {}}}
	}
	if content := media(r.in, schemas); content != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: content}
	} else if method == http.MethodPut || method == http.MethodPatch {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {}}}
	}
	op.Responses["2XX"].Content = media(r.out, schemas)
	return op
}

func media(body any, schemas huma.Registry) map[string]*huma.MediaType {
	if body == nil {
		return nil
	}
	t := reflect.TypeOf(body)
	return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(t, true, t.Name())}}
}

var (
	wildcard  = regexp.MustCompile(`\{(\w+)\}`)
	separator = regexp.MustCompile(`[^A-Za-z0-9]+`)
)

func parameters(r route, method, where string) (list []*huma.Param) {
	for _, m := range wildcard.FindAllStringSubmatch(where, -1) {
		list = append(list, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	if r.peer != nil {
		list = append(list, &huma.Param{Name: partyHeader, In: "header", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	} else if method == http.MethodPost {
		list = append(list, &huma.Param{
			Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "drawn by the caller: the same request under the same key is done once",
		})
	}
	return list
}

// operationID is made of method and path: "postDealsDocumentsPlan".
func operationID(method, where string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(method))
	for _, part := range separator.Split(strings.ReplaceAll(where, "/v1/", "/"), -1) {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

func withOperation(item *huma.PathItem, method string, op *huma.Operation) *huma.PathItem {
	if item == nil {
		item = &huma.PathItem{}
	}
	for m, slot := range map[string]**huma.Operation{
		http.MethodGet: &item.Get, http.MethodPost: &item.Post, http.MethodPut: &item.Put, http.MethodPatch: &item.Patch,
		http.MethodDelete: &item.Delete, http.MethodHead: &item.Head,
	} {
		if m == method {
			*slot = op
		}
	}
	return item
}

// schemaName tells types of other packages of this node from its own.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if name != "" {
		name = strings.ToUpper(name[:1]) + name[1:]
	}
	switch p := path.Base(t.PkgPath()); p {
	case "", "node":
		return name
	default:
		return strings.ToUpper(p[:1]) + p[1:] + name
	}
}

// valueSchema is the JSON form of [deal.Value].
type valueSchema struct {
	Kind  deal.ValueKind `json:"kind"`
	Value string         `json:"value"`
}

// serveOpenAPI answers everybody: it tells nothing of this node.
func (n *Node) serveOpenAPI() http.HandlerFunc {
	description := sync.OnceValues(func() ([]byte, error) { return n.OpenAPI().MarshalJSON() })
	return func(w http.ResponseWriter, _ *http.Request) {
		body, err := description()
		if err != nil {
			writeProblem(w, err, false)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		_, _ = w.Write(body)
	}
}
