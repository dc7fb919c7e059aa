package main

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"cession/deal"
)

// envPrefix begins the environment variables of a node's settings.
const envPrefix = "CESSION_NODE_"

// homeEnv is the folder of whoever runs a command, a node among them.
const homeEnv = "CESSION_HOME"

// pathDelimiter is in no key: settings are flat.
const pathDelimiter = "\x00"

// configured are a node's settings and where each came from.
type configured struct {
	nodeSettings
	from map[string]string // source, by key
}

// layer is one source of settings. A later one goes before an earlier one.
type layer struct {
	values *koanf.Koanf
	text   bool                    // its values are text, to be read by their type
	name   func(key string) string // of the source
}

// loadSettings reads the settings of a node: what a flag says goes before the
// environment, that before the file, that before the default. Errors name the
// key and the source, never a value. Missing ones are another matter: see
// [configured.complete].
func loadSettings(flags *pflag.FlagSet, configFile string, environ []string) (c configured, err error) {
	c.from = map[string]string{}
	layers := []func() (layer, error){
		defaultLayer,
		func() (layer, error) { return fileLayer(configFile) },
		func() (layer, error) { return environLayer(environ) },
		func() (layer, error) { return flagLayer(flags) },
	}
	var problems []error
	for _, load := range layers {
		l, err := load()
		if err != nil {
			return c, usageError{err}
		}
		problems = append(problems, c.apply(l))
	}
	if err := errors.Join(problems...); err != nil {
		return c, usageError{deal.Errorf(deal.Invalid, "%w", err)}
	}
	return c, nil
}

// apply takes the values of a layer over.
func (c *configured) apply(l layer) error {
	var problems []error
	for _, key := range l.values.Keys() {
		i := slices.IndexFunc(nodeKeysOf, func(s setting) bool { return s.key == key })
		if i < 0 {
			name, _, _ := strings.Cut(key, pathDelimiter)
			problems = append(problems, deal.Errorf(deal.Invalid, "%s: unknown setting %.40q: see cession node config --example", l.name(name), name))
			continue
		}
		if err := c.set(nodeKeysOf[i], l.values.Get(key), l.text); err != nil {
			problems = append(problems, deal.Errorf(deal.Invalid, "%s: %s: %w", l.name(key), key, err))
			continue
		}
		c.from[key] = l.name(key)
	}
	return errors.Join(problems...)
}

// set decodes one value into its member.
func (c *configured) set(s setting, value any, text bool) error {
	into := reflect.New(s.kind)
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: into.Interface(), WeaklyTypedInput: text,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			mapstructure.StringToTimeDurationHookFunc(), mapstructure.StringToSliceHookFunc(","), mapstructure.TextUnmarshallerHookFunc()),
	})
	if err != nil {
		return err
	}
	empty := text && value == "" && s.kind.Kind() != reflect.String && s.kind.Kind() != reflect.Slice
	if value == nil || empty || decoder.Decode(value) != nil { // its error repeats the value
		return deal.Errorf(deal.Invalid, "want %s", s.words())
	}
	if err := s.check(into.Elem()); err != nil {
		return err
	}
	reflect.ValueOf(&c.nodeSettings).Elem().Field(s.index).Set(into.Elem())
	return nil
}

// complete reports the settings that are needed and not there.
func (c *configured) complete() error {
	var missing []string
	for _, s := range nodeKeysOf {
		if s.need && reflect.ValueOf(c.nodeSettings).Field(s.index).IsZero() {
			missing = append(missing, s.key)
		}
	}
	if len(missing) > 0 {
		return usageError{deal.Errorf(deal.Invalid, "want a value for %s: by flag (--%s), environment (%s) or in the file given with --config",
			strings.Join(missing, ", "), missing[0], envOf(missing[0]))}
	}
	return nil
}

func envOf(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

func defaultLayer() (layer, error) {
	k := koanf.New(pathDelimiter)
	for _, s := range nodeKeysOf {
		if s.fallback != "" {
			if err := k.Set(s.key, s.fallback); err != nil {
				return layer{}, err
			}
		}
	}
	return layer{k, true, func(string) string { return "default" }}, nil
}

func fileLayer(name string) (layer, error) {
	k := koanf.New(pathDelimiter)
	l := layer{k, false, func(string) string { return "file " + name }}
	if name == "" {
		return l, nil
	}
	if err := k.Load(file.Provider(name), yaml.Parser()); errors.Is(err, os.ErrNotExist) {
		return l, deal.Errorf(deal.NotFound, "there is no configuration file %s", name)
	} else if err != nil { // its words repeat what stands there
		return l, deal.Errorf(deal.Invalid, "file %s: want YAML of the form key: value, each key once", name)
	}
	return l, nil
}

func environLayer(environ []string) (layer, error) {
	k := koanf.New(pathDelimiter)
	provider := env.Provider(pathDelimiter, env.Opt{
		Prefix: envPrefix, EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, envPrefix)), "_", "-"), value
		},
	})
	err := k.Load(provider, nil)
	forAll := "" // what all commands take for --home
	for _, entry := range environ {
		if home, ok := strings.CutPrefix(entry, homeEnv+"="); ok && home != "" && !k.Exists("home") {
			forAll, err = homeEnv, errors.Join(err, k.Set("home", home))
		}
	}
	return layer{k, true, func(key string) string {
		if key == "home" && forAll != "" {
			return "environment " + forAll
		}
		return "environment " + envOf(key)
	}}, err
}

// flagLayer are the flags that were given.
func flagLayer(flags *pflag.FlagSet) (layer, error) {
	k := koanf.New(pathDelimiter)
	l := layer{k, true, func(key string) string { return "flag --" + key }}
	if flags == nil {
		return l, nil
	}
	known := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.Visit(func(f *pflag.Flag) {
		if slices.ContainsFunc(nodeKeysOf, func(s setting) bool { return s.key == f.Name }) {
			known.AddFlag(f)
		}
	})
	return l, k.Load(posflag.Provider(known, pathDelimiter, k), nil)
}
