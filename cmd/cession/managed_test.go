//go:build !slim

package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"cession/demo"
	"cession/node/blob"
	"cession/node/blob/blobtest"
)

// TestManagedMarket plays the deal of the demo with nodes that keep their
// documents in an S3 store: they are told so by their environment.
func TestManagedMarket(t *testing.T) {
	s3 := blobtest.StartS3(t)
	for key, value := range map[string]string{
		"CESSION_NODE_S3_ENDPOINT": s3.Endpoint, "CESSION_NODE_S3_BUCKET": s3.Bucket, "CESSION_NODE_S3_TLS": "false",
		"AWS_ACCESS_KEY_ID": s3.AccessKey, "AWS_SECRET_ACCESS_KEY": s3.SecretKey,
	} {
		t.Setenv(key, value)
	}
	m := openMarket(t)
	ctx := limit(t, 6*time.Minute)
	cfg := m.script()
	cfg.Report = nil
	result, err := demo.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if result.State != "settled" || int(result.Verified) != len(cfg.Portfolio) {
		t.Errorf("have %+v", result)
	}
	store, err := blob.OpenS3(ctx, s3)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]int{}
	for info, err := range store.List(ctx, "") {
		if err != nil {
			t.Fatal(err)
		}
		party, _, _ := strings.Cut(info.Key, "/")
		objects[party]++
	}
	for _, party := range []string{string(cfg.Seller), string(cfg.Bidders[0])} {
		if objects[party] < len(cfg.Portfolio) {
			t.Errorf("%s has %d objects in S3, want at least %d: %v", party, objects[party], len(cfg.Portfolio), objects)
		}
	}
	if _, err := os.Stat(in(m.home(cfg.Seller), "blobs")); !os.IsNotExist(err) {
		t.Errorf("the seller's node keeps files beside the S3 store: %v", err)
	}
	t.Logf("settled with documents in S3: %v objects", objects)
}
