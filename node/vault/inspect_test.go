package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// invoices are real: EN 16931 examples as Factur-X PDF/A-3.
const invoices = "../../examples/portfolio"

func invoice(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(invoices, "EN16931_Einfach.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestInspectRealInvoices(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(invoices, "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no invoices: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if media, err := Inspect(bytes.NewReader(b), int64(len(b)), file); err != nil || media != PDF {
			t.Errorf("%s: %q, %v", filepath.Base(file), media, err)
		}
	}
}

func TestInspectGood(t *testing.T) {
	png, jpeg := "\x89PNG\r\n\x1a\n....IEND\xaeB`\x82", "\xff\xd8\xff....\xff\xd9"
	for _, c := range []struct {
		name, content string
		want          MediaType
	}{
		{"a.xml", `<?xml version="1.0" encoding="UTF-8"?><a><b c="d">ü</b></a>`, XML},
		{"a.xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xfc</a>\n", XML},
		{"a.csv", "a,b\n1,2\n", CSV}, {"a.csv", "a;b\r\n\"1;\n1\";2", CSV}, {"a.csv", "one\n", CSV}, {"A.CSV", "a\tb\n\xfc\t2\n", CSV},
		{"a.json", `{"a":[1,2,{}]}`, JSON}, {"a.txt", "\ufeffGrüße\n", Text}, {"a.md", "# x", Text},
		{"it's a \"scan\" ü.PNG", png, PNG}, {"a.jpg", jpeg + "\x00\x00", JPEG}, {"a.jpeg", jpeg, JPEG},
	} {
		if media, err := Inspect(strings.NewReader(c.content), int64(len(c.content)), c.name); err != nil || media != c.want {
			t.Errorf("%s %.40q: %q, %v", c.name, c.content, media, err)
		}
	}
}

func TestInspectBad(t *testing.T) {
	pdf := string(invoice(t))
	for _, c := range []struct {
		what, name, content string
		want                error
	}{
		{"empty PDF", "a.pdf", "", ErrEmpty}, {"empty text", "a.txt", "", ErrEmpty},
		{"program", "a.exe", "MZ", ErrType}, {"no extension", "pdf", pdf, ErrType}, {"double extension", "a.pdf.exe", pdf, ErrType},
		{"text as PDF", "a.pdf", "hello", ErrMismatch}, {"image as PDF", "a.pdf", "\x89PNG\r\n\x1a\n", ErrMismatch}, {"PDF as XML", "a.xml", pdf, ErrMismatch},
		{"PDF as CSV", "a.csv", pdf, ErrMismatch}, {"PDF as text", "a.txt", pdf, ErrMismatch}, {"PDF as JSON", "a.json", pdf, ErrMismatch}, {"PDF as image", "a.png", pdf, ErrMismatch},
		{"text as JPEG", "a.jpg", "hello", ErrMismatch}, {"blank CSV", "a.csv", "\n\n", ErrMismatch}, {"no XML", "a.xml", "  hello", ErrMismatch},
		{"PDF's first byte", "a.pdf", pdf[:1], ErrMismatch}, {"PDF's header", "a.pdf", pdf[:10], ErrTruncated}, {"half a PDF", "a.pdf", pdf[:len(pdf)/2], ErrTruncated},
		{"PDF but for its end", "a.pdf", pdf[:len(pdf)-8], ErrTruncated}, {"PDF without its middle", "a.pdf", pdf[:1000] + pdf[len(pdf)-1000:], ErrTruncated},
		{"PDF of nothing", "a.pdf", "%PDF-1.7\nstartxref\n0\n%%EOF", ErrDamaged}, {"PDF of noise", "a.pdf", "%PDF-1.7\n" + string(random(5000)) + "\nstartxref\n9\n%%EOF", ErrDamaged},
		{"cut XML", "a.xml", "<a><b>", ErrTruncated}, {"cut in a tag", "a.xml", "<a><b", ErrTruncated}, {"crossed XML", "a.xml", "<a><b></a></b>", ErrDamaged},
		{"deep XML", "a.xml", strings.Repeat("<a>", 2000), ErrDamaged}, {"XML charset", "a.xml", `<?xml version="1.0" encoding="x-none"?><a/>`, ErrMismatch},
		{"cut CSV", "a.csv", "a,b\n1,\"2", ErrTruncated}, {"short CSV", "a.csv", "a,b\n1", ErrTruncated}, {"ragged CSV", "a.csv", "a,b\n1\n1,2\n", ErrDamaged},
		{"endless line", "a.csv", strings.Repeat("x", maxLine+1), ErrDamaged}, {"cut JSON", "a.json", `{"a":[1`, ErrTruncated}, {"bad JSON", "a.json", `{"a":}`, ErrDamaged}, {"deep JSON", "a.json", strings.Repeat("[", 2000), ErrDamaged},
		{"binary text", "a.txt", "a\x00b", ErrMismatch}, {"Latin-1 text", "a.txt", "\xfc", ErrMismatch},
		{"cut PNG", "a.png", "\x89PNG\r\n\x1a\n....", ErrTruncated}, {"cut JPEG", "a.jpg", "\xff\xd8\xff....", ErrTruncated},
	} {
		media, err := Inspect(strings.NewReader(c.content), int64(len(c.content)), c.name)
		if !errors.Is(err, c.want) || deal.KindOf(err) != deal.Invalid || media != "" {
			t.Errorf("%s: %q, %v of kind %q, want %v", c.what, media, err, deal.KindOf(err), c.want)
		}
	}
	for name, size := range map[string]int64{"a.txt": MaxSize + 1, "a.pdf": MaxSize + 1, "a.xml": maxStructure + 1, "a.json": maxStructure + 1} {
		if _, err := Inspect(strings.NewReader("x"), size, name); !errors.Is(err, ErrTooLarge) || deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s of %d bytes: %v, want ErrTooLarge", name, size, err)
		}
	}
}

func TestInspectEncryptedPDF(t *testing.T) {
	noConfigDir()
	for name, conf := range map[string]*model.Configuration{
		"user password":  model.NewAESConfiguration("user", "owner", 256),
		"owner password": model.NewAESConfiguration("", "owner", 256),
		"128 bits":       model.NewAESConfiguration("user", "owner", 128),
		"RC4":            model.NewRC4Configuration("user", "owner", 128),
	} {
		for _, compressed := range []bool{true, false} {
			conf.WriteXRefStream, conf.WriteObjectStream = compressed, compressed
			var out bytes.Buffer
			if err := api.Encrypt(bytes.NewReader(invoice(t)), &out, conf); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			_, err := Inspect(bytes.NewReader(out.Bytes()), int64(out.Len()), "a.pdf")
			if !errors.Is(err, ErrEncrypted) || deal.KindOf(err) != deal.Invalid {
				t.Errorf("%s, compressed %v: %v, want ErrEncrypted", name, compressed, err)
			}
		}
	}
}

func TestInspectFailingDisk(t *testing.T) {
	failure := errors.New("disk failed")
	for ext := range extensions {
		if _, err := Inspect(failingAt{failure}, 1000, "a"+ext); !errors.Is(err, failure) || deal.KindOf(err) != "" {
			t.Errorf("%s: %v, want the disk's error", ext, err)
		}
	}
}

// What a document says, and what it is called, must not reach an error and so a log.
func TestInspectTellsNothing(t *testing.T) {
	const secret = "Debtor4711"
	for ext := range extensions {
		for _, begin := range []string{"", "%PDF-1.7\n", "<a><", "{\"", "\"", "\x89PNG\r\n\x1a\n", "<?xml version=\"1.0\" encoding=\"" + secret + "\"?>"} {
			for _, end := range []string{"", "\nstartxref\n9\n%%EOF", "\x00"} {
				content := begin + secret + end
				_, err := Inspect(strings.NewReader(content), int64(len(content)), secret+ext)
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("%s: error shows the document: %v", ext, err)
				}
			}
		}
	}
}

func FuzzInspect(f *testing.F) {
	pdf := invoice(f)
	f.Add(pdf[:min(len(pdf), 3000)], ".pdf")
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF"), ".pdf")
	f.Add([]byte("<a><b/></a>"), ".xml")
	f.Add([]byte("a;b\n\"1\";2\n"), ".csv")
	f.Add([]byte(`{"a":[1]}`), ".json")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		media, err := Inspect(bytes.NewReader(content), int64(len(content)), name)
		if err == nil && !media.known() {
			t.Errorf("no error and no type: %q", media)
		}
		if err != nil && deal.KindOf(err) != deal.Invalid {
			t.Errorf("error of kind %q: %v", deal.KindOf(err), err)
		}
	})
}

// sparse is a large file of which only the beginning and the end are kept.
type sparse struct {
	begin, end string
	size       int64
}

func (s sparse) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		at := offset + int64(i)
		fromEnd := at - (s.size - int64(len(s.end)))
		switch {
		case at >= s.size:
			return i, io.EOF
		case at < int64(len(s.begin)):
			p[i] = s.begin[at]
		case fromEnd >= 0:
			p[i] = s.end[fromEnd]
		default:
			p[i] = ' '
		}
	}
	return len(p), nil
}

// Of a PDF too large to be held in memory the trailer still tells of encryption.
func TestInspectLargePDF(t *testing.T) {
	const size = maxStructure + 1000
	for trailer, want := range map[string]error{
		"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 1>>":                     nil,
		"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 1/Encrypt 5 0 R>>":       ErrEncrypted,
		"9 0 obj\n<</Type/XRef/Encrypt <</Filter/Standard>>/Size 1>>stream\n...endstream":     ErrEncrypted,
		"9 0 obj\n<</Type/XRef/Size 1>>stream\n/Encrypt 5 0 R is only data here\nendstream\n": nil,
	} {
		end := func(xref int64) string { return fmt.Sprintf("%s\nstartxref\n%09d\n%%%%EOF\n", trailer, xref) }
		s := sparse{"%PDF-1.7\n", end(size - int64(len(end(0)))), size}
		if _, err := Inspect(s, size, "a.pdf"); !errors.Is(err, want) {
			t.Errorf("trailer %q: %v, want %v", trailer, err, want)
		}
	}
}
