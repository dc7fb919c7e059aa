package main

import (
	"io"
	"log/slog"
	"time"

	"go.uber.org/zap/exp/zapslog"
	"go.uber.org/zap/zapcore"
)

// Of the same words at the same level, so many are logged each second, and then
// one of so many: a log cannot fill the disk.
const (
	logFirst = 100
	logEvery = 100
)

// newLog returns a log of JSON lines, for machines. What goes into it are
// identifiers, reasons and times: no names of files, no texts, no keys.
func newLog(w io.Writer, level zapcore.Level) *slog.Logger {
	encoder := zapcore.NewJSONEncoder(zapcore.EncoderConfig{
		TimeKey: "time", LevelKey: "level", MessageKey: "msg", LineEnding: "\n",
		EncodeTime: func(t time.Time, out zapcore.PrimitiveArrayEncoder) {
			out.AppendString(t.UTC().Format(time.RFC3339Nano))
		},
		EncodeLevel:    zapcore.CapitalLevelEncoder,
		EncodeDuration: zapcore.StringDurationEncoder,
	})
	core := zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)
	sampled := zapcore.NewSamplerWithOptions(core, time.Second, logFirst, logEvery)
	return slog.New(zapslog.NewHandler(sampled, zapslog.AddStacktraceAt(slog.LevelError+1)))
}
