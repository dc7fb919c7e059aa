package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

const (
	packsPath   = "/v1/packs"
	maxPack     = 16 << 20              // bytes of a bundle
	maxPackBody = maxPack/3*4 + maxBody // the bundle in base64, and the rest
	submitted   = 2                     // packs that are taken in at once
)

func (s *Server) packRoutes(api huma.API) {
	if s.packs == nil {
		return
	}
	handle(s, api, huma.Operation{
		OperationID: "list-packs", Method: http.MethodGet, Path: packsPath, Summary: "List the policy packs: what is in force, and why others are not",
	}, s.listPacks)
	handle(s, api, huma.Operation{
		OperationID: "submit-pack", Method: http.MethodPost, Path: packsPath, MaxBodyBytes: maxPackBody, Summary: "Submit a signed pack with its activation",
		Description: "Whoever sends it: the signatures of maker and checkers count. What is refused replaces nothing.",
	}, s.submitPack)
	packFile(s, api, "index-packs", "/index.json", "The packs as an HTTP bundle source lists them", "application/json",
		func(ctx context.Context, _ *indexInput) (*fileOutput, error) { return s.packIndex(ctx) })
	packFile(s, api, "fetch-bundle", "/{digest}/bundle", "The signed bundle of a pack", "application/gzip",
		func(_ context.Context, in *packInput) (*fileOutput, error) { return file(in.Digest, s.packs.Bundle) })
	packFile(s, api, "fetch-activation", "/{digest}/activation", "The newest activation of a pack, with its signatures", "application/jose+json",
		func(_ context.Context, in *packInput) (*fileOutput, error) { return file(in.Digest, s.activation(0)) })
	packFile(s, api, "fetch-numbered-activation", "/{digest}/activations/{number}", "An activation of a pack, with its signatures", "application/jose+json",
		func(_ context.Context, in *numberedInput) (*fileOutput, error) {
			return file(in.Digest, s.activation(in.Number))
		})
}

// packFile registers a file that everyone may read, without a credential.
func packFile[I interface{ have() string }](s *Server, api huma.API, id, path, summary, media string, f func(context.Context, *I) (*fileOutput, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: packsPath + path, Summary: summary,
		Description: "No credential is needed. With If-None-Match an unchanged file is not sent again.",
		Security:    []map[string][]string{{}},
	}
	handle(s, api, op, func(ctx context.Context, in *I) (*fileOutput, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, err
		}
		out.ContentType, out.CacheControl, out.Status = media, "no-cache", http.StatusOK
		if matches((*in).have(), out.ETag) {
			out.Status, out.Body = http.StatusNotModified, nil
		}
		return out, nil
	})
	api.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = map[string]*huma.MediaType{media: {}}
}

// public reports whether a request needs no credential: it reads the files of a pack.
func public(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, packsPath+"/")
	return ok && rest != "" && r.Method == http.MethodGet
}

// submits reports whether a request hands a pack in.
func submits(r *http.Request) bool { return r.URL.Path == packsPath && r.Method == http.MethodPost }

type indexInput struct {
	Have string `header:"If-None-Match"`
}

func (in indexInput) have() string { return in.Have }

type packInput struct {
	Digest string `path:"digest" maxLength:"66" doc:"of the pack: 0x and 64 hex digits"`
	Have   string `header:"If-None-Match"`
}

func (in packInput) have() string { return in.Have }

type numberedInput struct {
	Digest string `path:"digest" maxLength:"66" doc:"of the pack: 0x and 64 hex digits"`
	Number uint64 `path:"number" minimum:"1" doc:"of the activation"`
	Have   string `header:"If-None-Match"`
}

func (in numberedInput) have() string { return in.Have }

type fileOutput struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         []byte
}

// matches compares entity tags as RFC 9110, section 13.1.2, says.
func matches(header, etag string) bool {
	for have := range strings.SplitSeq(header, ",") {
		if have = strings.TrimPrefix(strings.TrimSpace(have), "W/"); have == etag || have == "*" {
			return true
		}
	}
	return false
}

func (s *Server) packIndex(ctx context.Context) (*fileOutput, error) {
	content, err := json.Marshal(indexOf(s.packs.List(ctx)))
	sum := sha256.Sum256(content)
	return &fileOutput{ETag: quote(hex.EncodeToString(sum[:])), Body: content}, err
}

func (s *Server) activation(number uint64) func(deal.Commitment) ([]byte, string, error) {
	return func(digest deal.Commitment) ([]byte, string, error) { return s.packs.Activation(digest, number) }
}

func file(digest string, read func(deal.Commitment) ([]byte, string, error)) (*fileOutput, error) {
	c, err := deal.ParseCommitment(digest)
	if err != nil {
		return nil, err
	}
	content, etag, err := read(c)
	return &fileOutput{ETag: quote(etag), Body: content}, err
}

func quote(etag string) string { return `"` + etag + `"` }

func (s *Server) listPacks(ctx context.Context, _ *struct{}) (*body[[]PackInfo], error) {
	list := s.packs.List(ctx)
	if list == nil {
		list = []PackInfo{}
	}
	return &body[[]PackInfo]{list}, nil
}

// submission is a pack that is handed in.
type submission struct {
	Bundle     []byte `json:"bundle" doc:"base64"`
	Activation []byte `json:"activation" doc:"base64"`
}

func (s *Server) submitPack(ctx context.Context, in *body[submission]) (*body[PackInfo], error) {
	switch {
	case len(in.Body.Bundle) == 0 || len(in.Body.Activation) == 0:
		return nil, deal.Errorf(deal.Invalid, "submit pack: want a bundle and its activation")
	case len(in.Body.Bundle) > maxPack:
		return nil, deal.Errorf(deal.Invalid, "submit pack: want a bundle of at most %d bytes", maxPack)
	}
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	info, err := s.packs.Submit(ctx, in.Body.Bundle, in.Body.Activation)
	return &body[PackInfo]{info}, err
}
