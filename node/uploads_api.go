package node

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// digestHeader carries a part's SHA-256: "sha-256=:…:", in base64 (RFC 9530).
const digestHeader = "Content-Digest"

func digestField(sum vault.Digest) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

func parseDigest(field string) (sum vault.Digest, err error) {
	text, begun := strings.CutPrefix(field, "sha-256=:")
	text, ended := strings.CutSuffix(text, ":")
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !begun || !ended || len(b) != len(sum) {
		return sum, deal.Errorf(deal.Invalid, "part: want its SHA-256 in %s: sha-256=:<base64>:", digestHeader)
	}
	return vault.Digest(b), nil
}

// pathDocument returns deal and document of a request's path.
func pathDocument(r *http.Request) (deal.ID, uint64, error) {
	id, err := pathDeal(r)
	if err != nil {
		return id, 0, err
	}
	index, err := pathIndex(r)
	return id, index, err
}

func (n *Node) getUpload(w http.ResponseWriter, r *http.Request) error {
	id, index, err := pathDocument(r)
	if err != nil {
		return err
	}
	s, err := n.Uploaded(r.Context(), id, index)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, s)
	return nil
}

func (n *Node) putPart(w http.ResponseWriter, r *http.Request) error {
	id, index, err := pathDocument(r)
	if err != nil {
		return err
	}
	part, err := strconv.ParseUint(r.PathValue("part"), 10, 31)
	if err != nil {
		return deal.Errorf(deal.Invalid, "part: want a whole number from 0")
	}
	sum, err := parseDigest(r.Header.Get(digestHeader))
	if err != nil {
		return err
	}
	if err := n.UploadPart(r.Context(), id, index, int(part), sum, &upload{r.Body, http.NewResponseController(w)}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) postUpload(w http.ResponseWriter, r *http.Request) error {
	id, index, err := pathDocument(r)
	if err != nil {
		return err
	}
	if err := n.FinishUpload(r.Context(), id, index); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) deleteUpload(w http.ResponseWriter, r *http.Request) error {
	id, index, err := pathDocument(r)
	if err != nil {
		return err
	}
	if err := n.AbandonUpload(r.Context(), id, index); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) uploadRoutes() []route {
	return []route{
		{pattern: "GET /v1/deals/{id}/documents/{index}/upload", title: "Which parts of a document are here", out: UploadState{}, customer: n.getUpload},
		{pattern: "PUT /v1/deals/{id}/documents/{index}/upload/{part}", title: "Bring a part of a document; its SHA-256 is in Content-Digest", customer: n.putPart},
		{pattern: "POST /v1/deals/{id}/documents/{index}/upload", title: "Put a document together from its parts", customer: n.postUpload},
		{pattern: "DELETE /v1/deals/{id}/documents/{index}/upload", title: "Forget the parts of a document", customer: n.deleteUpload},
	}
}
