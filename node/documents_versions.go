package node

// version is where a document stands among those that supersede each other.
type version struct {
	number int  // from 1
	latest bool // no other one supersedes it
}

// versions knows, by index, the documents that supersede others or are
// superseded; all others are the only version of themselves.
type versions map[uint64]version

// supersede notes that the document at later is the next version of that at
// earlier. It is called in the order of the later ones: a document supersedes
// only earlier ones.
func (v versions) supersede(earlier, later uint64) {
	number := v.of(earlier).number
	v[earlier] = version{number, false}
	v[later] = version{number + 1, true}
}

func (v versions) of(index uint64) version {
	if known, ok := v[index]; ok {
		return known
	}
	return version{1, true}
}

// versionsOf returns, for each document of a set in order, which version of
// itself it is.
func versionsOf(docs []document) []version {
	list, known, there := make([]version, len(docs)), versions{}, map[uint64]bool{}
	for _, d := range docs {
		there[d.Index] = true
		if earlier := d.About.Supersedes; earlier != nil && there[*earlier] {
			known.supersede(*earlier, d.Index)
		}
	}
	for i, d := range docs {
		list[i] = known.of(d.Index)
	}
	return list
}
