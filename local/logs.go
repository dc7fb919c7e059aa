package local

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	gethlog "github.com/ethereum/go-ethereum/log"
	"go.temporal.io/server/common/log/tag"
)

func handlerOr(h slog.Handler) slog.Handler {
	if h == nil {
		return slog.DiscardHandler
	}
	return h
}

// serverLog gives the Temporal server's log lines to slog.
type serverLog struct{ to *slog.Logger }

func (l serverLog) write(level slog.Level, msg string, tags []tag.Tag) {
	if !l.to.Enabled(context.Background(), level) {
		return
	}
	attrs := make([]slog.Attr, len(tags))
	for i, t := range tags {
		attrs[i] = slog.Any(t.Key(), t.Value())
	}
	l.to.LogAttrs(context.Background(), level, msg, attrs...)
}

func (l serverLog) Debug(msg string, tags ...tag.Tag)  { l.write(slog.LevelDebug, msg, tags) }
func (l serverLog) Info(msg string, tags ...tag.Tag)   { l.write(slog.LevelInfo, msg, tags) }
func (l serverLog) Warn(msg string, tags ...tag.Tag)   { l.write(slog.LevelWarn, msg, tags) }
func (l serverLog) Error(msg string, tags ...tag.Tag)  { l.write(slog.LevelError, msg, tags) }
func (l serverLog) DPanic(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

func (l serverLog) Panic(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	panic(msg)
}

// Fatal panics with a serverFatal, which [StartTemporal] turns into an error;
// the server itself would end the process without a word to the caller.
func (l serverLog) Fatal(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	fatal := serverFatal{msg: msg}
	for _, t := range tags {
		if t.Key() == "error" {
			fatal.cause = t.Value()
		}
	}
	panic(fatal)
}

type serverFatal struct {
	msg   string
	cause any
}

func (f serverFatal) Error() string { return fmt.Sprintf("%s: %v", f.msg, f.cause) }

// gethLogger hides geth's own logger type from gethlog.SetDefault, which would
// otherwise make it the default logger of log/slog and of log, for the whole program.
type gethLogger struct{ gethlog.Logger }

var gethLogs sync.Once

// routeGethLogs sends geth's log, which is global to the process, to the
// handler of the first node started.
func routeGethLogs(h slog.Handler) {
	gethLogs.Do(func() { gethlog.SetDefault(gethLogger{gethlog.NewLogger(handlerOr(h))}) })
}
