package policies

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// name is a name in the two forms in which it is compared. Both are empty when
// the name cannot be compared with a list in Latin letters; screening is then
// not evaluated, rather than passed for want of a match.
type name struct {
	exact string // upper case, no accents, no punctuation, words in order
	loose string // the same, words sorted, without legal forms
}

// legalForms are dropped from the loose form: a listed company does not become
// another by changing its suffix.
var legalForms = wordSet(`AG AS ASA BV CO COMPANY CORP CORPORATION CV EURL FZC FZCO FZE FZ GMBH INC INCORPORATED JSC KFT KG
	LIMITED LLC LLP LP LTD LTDA MBH NV OAO OJSC OOO OY OYJ PAO PJSC PLC PT PTE PTY PVT SA SAL SARL SAS SE SL SPA SPRL SRL ZAO`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// letters are those that Unicode does not decompose.
var letters = strings.NewReplacer("ß", "SS", "ẞ", "SS", "Æ", "AE", "æ", "AE", "Œ", "OE", "œ", "OE", "Ø", "O", "ø", "O",
	"Ł", "L", "ł", "L", "Đ", "D", "đ", "D", "Ð", "D", "ð", "D", "Þ", "TH", "þ", "TH", "ı", "I")

// maxName bounds what is normalized; no legal name is longer.
const maxName = 512

func normalize(s string) name {
	if len(s) > maxName {
		return name{}
	}
	words, ok := nameWords(s)
	if !ok || len(words) == 0 {
		return name{}
	}
	n := name{exact: strings.Join(words, " ")}
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return legalForms[w] })
	if len(kept) == 0 {
		kept = words
	}
	slices.Sort(kept)
	n.loose = strings.Join(kept, " ")
	return n
}

// nameWords splits a name into upper-case words, or reports false if it has
// letters that are not Latin, which could hide a name behind its looks.
func nameWords(s string) ([]string, bool) {
	if !isASCII(s) {
		s = norm.NFKD.String(letters.Replace(s))
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == '\'', r == '’', r == '.':
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r), r == unicode.ReplacementChar:
			return nil, false
		case unicode.IsLetter(r):
			b.WriteRune(unicode.ToUpper(r))
		case unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String()), true
}

// isASCII reports whether there is nothing to decompose.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
