package deal

func questions() Step {
	return Step{
		ID: "questions", Title: "Questions", Scope: PerBidder, After: []string{"data_room"}, Until: []string{"offers"},
		Doc: "Questions and answers: the text stays on the nodes, each commitment is notarized.",
		Actions: []Action{
			{ID: "ask", Title: "Ask a question", By: []Role{BidderAs}, Repeat: true, Record: true,
				Fields: []Field{{ID: "question", Title: "the question, on the nodes", Kind: KindSealed}}},
			{ID: "answer", Title: "Answer a question", By: []Role{Seller}, Needs: []string{"ask"}, Repeat: true, Record: true,
				Fields: []Field{
					{ID: "asked", Title: "the act that asked", Kind: KindAct},
					{ID: "answer", Title: "the answer, on the nodes", Kind: KindSealed},
				}},
		},
	}
}
