package main

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"go.uber.org/zap/zapcore"

	"cession/deal"
)

// nodeSettings is everything a party's node can be told. Each has one name: the
// key in the file, --key on the command line, CESSION_NODE_KEY in the environment.
// There is no secret among them: those are files in home, or in the environment.
type nodeSettings struct {
	Home     string `koanf:"home" need:"true" doc:"folder of the node's keys, documents and state"`
	Party    string `koanf:"party" need:"true" example:"alpine-bank" doc:"the party whose node this is"`
	Desk     string `koanf:"desk" need:"true" form:"url" example:"https://desk.market.example" doc:"URL of the desk"`
	Temporal string `koanf:"temporal-address" need:"true" form:"address" example:"localhost:7233" doc:"host:port of Temporal"`
	RPC      string `koanf:"rpc-url" need:"true" secret:"path" example:"http://localhost:8545" doc:"JSON-RPC of an Ethereum node of the party's choice"`
	Market   string `koanf:"market" doc:"file with chain and contracts (default: market.json in home)"`
	Depth    uint64 `koanf:"confirmations" default:"1" doc:"blocks a fact must be deep before the node believes it; 1 is the latest"`

	Listen   string `koanf:"listen" form:"address" default:"127.0.0.1:0" doc:"address to serve HTTPS on"`
	Endpoint string `koanf:"endpoint" form:"url" example:"https://node.alpine.example:9443" doc:"https://host:port under which peers reach it (default: the listening address)"`
	Admin    string `koanf:"admin-listen" form:"address" default:"127.0.0.1:0" doc:"address of /livez, /readyz and /metrics, in clear text: for the party's own operations"`

	PolicySource []string `koanf:"policy-source" doc:"folder, https://… or s3://… with signed policy packs; repeatable (default: what is submitted to the desk)"`
	PolicyTrust  string   `koanf:"policy-trust" doc:"file that names the officers whose signatures count (default: trust.yaml in home; without one only the pack that is shipped)"`
	PolicySample bool     `koanf:"policy-sample" doc:"take the sanctions list that is shipped as if it were of today: for trying only"`
	PolicyOwn    string   `koanf:"policy-own" doc:"folder of a pack of the party's own, which can only refuse more (default: policy-own in home, if it is there)"`

	S3Endpoint string `koanf:"s3-endpoint" form:"address" example:"s3.alpine.example:443" doc:"host:port of an S3 store (default: files in home)"`
	S3Bucket   string `koanf:"s3-bucket" default:"cession" doc:"bucket, which must exist"`
	S3Region   string `koanf:"s3-region" default:"us-east-1" doc:"region"`
	S3TLS      bool   `koanf:"s3-tls" default:"true" doc:"use TLS to the S3 store"`

	TransferLimit    byteSize      `koanf:"transfer-limit" default:"0" example:"20MiB" doc:"bytes per second a handover may take at most, such as 20MiB; 0 is no limit"`
	TransferParallel int           `koanf:"transfer-parallel" default:"3" doc:"ranges a handover fetches at once, 1 to 16"`
	ReadRate         float64       `koanf:"read-rate" default:"20" doc:"requests per second that one peer's node may make at most, ranges of a handover aside; 0 is no limit"`
	Scanner          string        `koanf:"clamd" example:"unix:/run/clamav/clamd.ctl" doc:"clamd that scans documents at intake: unix:PATH or tcp:HOST:PORT (default: none)"`
	Renderer         string        `koanf:"pdftoppm" example:"/opt/poppler/bin" doc:"folder of poppler's pdftoppm, which draws documents that may only be looked at (default: where PATH says)"`
	MinimumFree      byteSize      `koanf:"minimum-free" default:"1GiB" doc:"space on the disk of home below which the node is not ready"`
	MaximumLag       time.Duration `koanf:"maximum-lag" default:"5m" doc:"age of the chain's newest block above which the node is not ready; 0: any, as on a chain that only seals what is sent"`

	LogLevel zapcore.Level `koanf:"log-level" default:"info" doc:"debug, info, warn or error"`
}

// setting is one member of [nodeSettings] as its tags describe it.
type setting struct {
	key, doc, fallback, example string
	form                        string // "url" or "address"
	need                        bool
	secret                      bool // its path and user may hold one: shown without
	kind                        reflect.Type
	index                       int
}

// settingsOf lists the members of a settings struct in their order.
func settingsOf(t reflect.Type) (list []setting) {
	for i := range t.NumField() {
		f := t.Field(i)
		list = append(list, setting{
			key: f.Tag.Get("koanf"), doc: f.Tag.Get("doc"), fallback: f.Tag.Get("default"), example: f.Tag.Get("example"),
			form: f.Tag.Get("form"), need: f.Tag.Get("need") == "true", secret: f.Tag.Get("secret") != "", kind: f.Type, index: i,
		})
	}
	return list
}

var nodeKeysOf = settingsOf(reflect.TypeFor[nodeSettings]())

// addSettings makes a flag of every setting that has none yet.
func addSettings(flags *pflag.FlagSet) {
	for _, s := range nodeKeysOf {
		switch {
		case s.key == "home": // is everywhere
		case s.kind.Kind() == reflect.Bool:
			flags.Bool(s.key, s.fallback == "true", s.doc)
		case s.kind.Kind() == reflect.Slice:
			flags.StringSlice(s.key, nil, s.doc)
		default:
			flags.String(s.key, s.fallback, s.doc)
		}
	}
}

// words say what a setting wants.
func (s setting) words() string {
	switch s.kind {
	case reflect.TypeFor[byteSize]():
		return "bytes, such as 512KiB, 20MiB or 1GiB"
	case reflect.TypeFor[time.Duration]():
		return "a duration, such as 90s or 5m"
	case reflect.TypeFor[zapcore.Level]():
		return "debug, info, warn or error"
	}
	switch s.kind.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64:
		return "a whole number from 0"
	case reflect.Float64:
		return "a number from 0"
	case reflect.Slice:
		return "a list of texts"
	}
	switch s.form {
	case "url":
		return "a URL"
	case "address":
		return "host:port"
	}
	return "a text"
}

// check looks at a value that has the right type already.
func (s setting) check(v reflect.Value) error {
	bad := deal.Errorf(deal.Invalid, "want %s", s.words())
	switch {
	case v.IsZero():
	case v.CanInt() && v.Int() < 0, v.CanFloat() && v.Float() < 0:
		if s.kind != reflect.TypeFor[zapcore.Level]() {
			return bad
		}
	case s.key == "transfer-parallel" && v.Int() > 16:
		return deal.Errorf(deal.Invalid, "want 1 to 16")
	case s.form == "url":
		if u, err := url.Parse(v.String()); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return bad
		}
	case s.form == "address":
		if _, _, err := net.SplitHostPort(v.String()); err != nil {
			return bad
		}
	}
	return nil
}

// shown is a value as people may see it. What may hold a key of an account with
// a provider is cut to its host.
func (s setting) shown(v reflect.Value) string {
	text := fmt.Sprint(v.Interface())
	if list, ok := v.Interface().([]string); ok {
		text = strings.Join(list, ",")
	}
	if !s.secret || text == "" {
		return text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "(hidden)"
	}
	if u.User == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" {
		return text
	}
	return u.Scheme + "://" + u.Host + "/…"
}
