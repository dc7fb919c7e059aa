package deal

func questions() Step {
	return Step{
		ID: "questions", Title: "Questions", Scope: PerBidder, After: []string{"data_room"}, Until: []string{"offers"},
		Doc: "Questions and answers: the text stays on the nodes, each commitment is notarized.",
		Actions: []Action{
			{ID: "ask", Title: "Ask a question", By: []Role{BidderAs}, Repeat: true, Record: true,
				Fields: []Field{
					{ID: "question", Title: "the question, on the nodes", Kind: KindSealed},
					{ID: "place", Title: "document, version, page and topic it is about, on the nodes", Kind: KindSealed, Optional: true},
					{ID: "about", Title: "the earlier question that it follows up", Kind: KindAct, Optional: true},
					{ID: "due", Title: "an answer is asked for by", Kind: KindTime, Optional: true},
					{ID: "thread", Title: "Merkle root over the thread so far, this question included", Kind: KindCommitment, Optional: true},
				}},
			{ID: "answer", Title: "Answer a question", By: []Role{Seller}, Needs: []string{"ask"}, Repeat: true, Record: true,
				Fields: []Field{
					{ID: "asked", Title: "the act that asked", Kind: KindAct},
					{ID: "answer", Title: "the answer, on the nodes", Kind: KindSealed},
					{ID: "thread", Title: "Merkle root over the thread so far, this answer included", Kind: KindCommitment, Optional: true},
				}},
		},
	}
}
