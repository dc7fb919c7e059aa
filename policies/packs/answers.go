package packs

import "sync"

// maxKept is the size up to which an answer is kept, to be used again when the
// server says that it is unchanged: indexes and activations, not bundles, which
// are read once.
const maxKept = maxIndex

// answers are what a server said last, by file. The zero value is ready for
// use.
type answers struct {
	mu   sync.Mutex
	kept map[string]answer
}

// answer is a file and the tag under which the server knows it.
type answer struct {
	tag  string
	body []byte
}

func (a *answers) of(file string) (answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	have, known := a.kept[file]
	return have, known
}

func (a *answers) keep(file, tag string, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.kept, file)
	if tag == "" || len(body) > maxKept || len(a.kept) >= maxListed {
		return
	}
	if a.kept == nil {
		a.kept = map[string]answer{}
	}
	a.kept[file] = answer{tag, body}
}

func (a answer) within(limit int64) ([]byte, error) {
	if int64(len(a.body)) > limit {
		return nil, overLimit(limit)
	}
	return a.body, nil
}
