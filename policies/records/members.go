package records

// each calls do for each member of an object in canonical form, with its name
// and its text. What a member holds is not looked at.
func each(object []byte, do func(name string, member []byte)) error {
	s := scanner{in: object}
	if !s.next('{') {
		return s.fail("want an object")
	}
	for !s.next('}') {
		s.next(',')
		start := s.pos
		if s.pos == len(s.in) || s.in[s.pos] != '"' {
			return s.fail("want a member's name")
		}
		name, _, err := s.quoted()
		if err != nil {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
		do(string(name[1:len(name)-1]), s.in[start:s.pos])
	}
	return nil
}

// skip goes to the end of the member it stands in.
func (s *scanner) skip() error {
	for depth := 0; s.pos < len(s.in); s.pos++ {
		switch s.in[s.pos] {
		case '"':
			if _, _, err := s.quoted(); err != nil {
				return err
			}
			s.pos--
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				return nil
			}
			if s.in[s.pos] != ',' {
				depth--
			}
		}
	}
	return s.fail("ends early")
}
