package checker

// ends judges what the screens show when all is over.
func (c *check) ends() {
	shown := map[string]Message{} // by messageId
	for _, s := range c.screens {
		for _, e := range s.ends {
			c.sequence(s, e, shown)
			c.complete(s, e)
		}
	}
}

// sequence wants the messages by number, each once, as everybody else shows them, and
// deleted ones without their text.
func (c *check) sequence(s *Screen, e End, shown map[string]Message) {
	var last int64
	had := map[string]bool{}
	for _, m := range e.Messages {
		if had[m.ID] {
			c.fault(Double, "%s shows %q twice", s.name, m.Text)
		}
		had[m.ID] = true
		if m.Seq < last {
			c.fault(Order, "%s shows %s %d under %d", s.name, e.Room, m.Seq, last)
		}
		last = m.Seq
		if c.deleted[m.ID] != 0 && (!m.Deleted || m.Text != "") {
			c.fault(Resurrection, "%s still shows %q, which was deleted", s.name, m.Text)
		}
		m.Key = "" // only its sender knows it
		if other, ok := shown[m.ID]; !ok {
			shown[m.ID] = m
		} else if other != m {
			c.fault(Order, "%s shows %+v, another screen %+v", s.name, m, other)
		}
	}
}

// complete wants every number that the screen follows to be there or to be named, and every
// acknowledged message to be there.
func (c *check) complete(s *Screen, e End) {
	have := map[int64]bool{}
	for _, m := range e.Messages {
		have[m.Seq] = true
	}
	named := c.named(s, e.Room)
	acknowledged := map[int64]*statement{}
	for _, st := range c.said {
		if st.room == e.Room && st.accepted != 0 {
			acknowledged[st.seq] = st
		}
	}
	for seq := e.After + 1; seq <= e.Head; seq++ {
		st := acknowledged[seq]
		switch {
		case have[seq] && named[seq] == void:
			c.fault(Order, "%s shows a message at %s %d, and was told that there never is one", s.name, e.Room, seq)
		case st != nil && !have[seq] && named[seq] != expired:
			c.fault(Loss, "%s does not show %q, acknowledged at %s %d%s", s.name, st.text, e.Room, seq, named[seq].saying())
		case !have[seq] && named[seq] == "":
			c.fault(Hole, "%s knows nothing of %s %d", s.name, e.Room, seq)
		case named[seq] == void:
			c.voided[place{e.Room, seq}] = true
		case named[seq] == missing && !have[seq]:
			c.missing[place{e.Room, seq}] = true
		}
	}
}

// name is what a number without a message was called.
type name string

const (
	event   name = "event"
	void    name = "void"
	expired name = "expired"
	missing name = "missing"
)

func (n name) saying() string {
	if n == "" {
		return ""
	}
	return ", and was told that it is " + string(n)
}

// named is what the screen was told of numbers without a message, the last word on each.
func (c *check) named(s *Screen, room string) map[int64]name {
	named := map[int64]name{}
	put := func(seqs []int64, n name) {
		for _, seq := range seqs {
			named[seq] = n
		}
	}
	for seq := range s.visit(room).events {
		named[seq] = event
	}
	for _, p := range s.pages {
		if p.Room != room {
			continue
		}
		put(p.Missing, missing)
		put(p.Void, void)
		put(p.Events, event)
		if p.Expired != nil {
			for seq := p.Expired.From; seq <= p.Expired.To; seq++ {
				named[seq] = expired
			}
		}
	}
	return named
}
