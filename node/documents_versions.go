package node

// version is where a document stands among those that supersede each other.
type version struct {
	number int  // from 1
	latest bool // no other one supersedes it
}

// versionsOf returns, for each document of a set in order, which version of
// itself it is. A document supersedes only earlier ones.
func versionsOf(docs []document) []version {
	list, at := make([]version, len(docs)), map[uint64]int{}
	for i, d := range docs {
		list[i] = version{1, true}
		at[d.Index] = i
		if d.About.Supersedes == nil {
			continue
		}
		if earlier, ok := at[*d.About.Supersedes]; ok {
			list[i].number = list[earlier].number + 1
			list[earlier].latest = false
		}
	}
	return list
}
