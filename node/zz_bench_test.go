package node

import ("testing";"bytes";"context";"time";"fmt")

func TestZZ(t *testing.T){
	w := newWorld(t)
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx); check(t, err)
	w.act(seller, o.ID, "", "draft.open")
	big := []file{{"big.txt", bytes.Repeat([]byte("a line of a long document, again and again.....\n"), 64<<20/48)}}
	_, err = c.Plan(ctx, o.ID, planned(t, big)); check(t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	s:=time.Now()
	check(t, c.Upload(ctx, o.ID, 0, bytes.NewReader(big[0].body), int64(len(big[0].body))))
	fmt.Println("upload 64MiB", time.Since(s))
	w.act(seller, o.ID, "", "mint.mint", "face=100000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, o.ID, "", "listing.publish", "until="+w.in(300*time.Hour))
	w.invited(o.ID, buyer); w.sold(o.ID)
	r := w.released(o.ID)
	s=time.Now()
	check(t, w.pull(o.ID, r))
	fmt.Println("pull 64MiB", time.Since(s))
}
