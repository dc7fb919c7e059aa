package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Check is something the desk needs to be of use. Run fails with the reason
// why it is not there.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

const checkTimeout = 3 * time.Second

// Admin returns /livez and /readyz, for a listener that only the operator
// reaches: reasons may name hosts.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { writeStatus(w, map[string]string{}) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { writeStatus(w, s.unready(r.Context())) })
	return mux
}

// unready returns the reasons of the checks that failed, by name.
func (s *Server) unready(ctx context.Context) map[string]string {
	reasons := map[string]string{}
	for _, c := range s.ready {
		ctx, cancel := context.WithTimeout(ctx, checkTimeout)
		if err := c.Run(ctx); err != nil {
			reasons[c.Name] = err.Error()
		}
		cancel()
	}
	return reasons
}

func writeStatus(w http.ResponseWriter, reasons map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	if len(reasons) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(struct {
		OK      bool              `json:"ok"`
		Reasons map[string]string `json:"reasons,omitempty"`
	}{len(reasons) == 0, reasons})
}
