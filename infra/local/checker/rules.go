package checker

import "slices"

// numbers wants one message for each number and one number for each message.
func (c *check) numbers() {
	at := map[string]place{}
	of := map[place]string{}
	c.seen(func(s *Screen, m Message) {
		p := place{m.Room, m.Seq}
		if have, ok := at[m.ID]; ok && have != p {
			c.fault(Order, "%s has %s at %s %d, it stood at %s %d", s.name, m.ID, p.room, p.seq, have.room, have.seq)
		}
		if have, ok := of[p]; ok && have != m.ID {
			c.fault(Order, "%s has %s at %s %d, where %s stood", s.name, m.ID, p.room, p.seq, have)
		}
		at[m.ID], of[p] = p, m.ID
	})
}

// turns wants what is said after an acknowledgement in the same room to stand behind what
// was acknowledged.
func (c *check) turns() {
	list := c.statements()
	acknowledged := slices.DeleteFunc(slices.Clone(list), func(st *statement) bool { return st.accepted == 0 })
	slices.SortFunc(acknowledged, func(a, b *statement) int { return int(a.accepted - b.accepted) })
	highest := map[string]*statement{}
	next := 0
	for _, st := range list {
		for ; next < len(acknowledged) && acknowledged[next].accepted < st.said; next++ {
			if before := acknowledged[next]; highest[before.room] == nil || highest[before.room].seq < before.seq {
				highest[before.room] = before
			}
		}
		if before := highest[st.room]; before != nil && st.accepted != 0 && st.seq < before.seq {
			c.fault(Order, "%q was said after %q was acknowledged, and stands before it: %d, %d", st.text, before.text, st.seq, before.seq)
		}
	}
}

// origins wants everything seen to be what somebody said, in its room and under its sender.
func (c *check) origins() {
	c.seen(func(s *Screen, m Message) {
		if m.Deleted {
			return
		}
		room, user := "", ""
		if st := c.said[m.Text]; st != nil {
			room, user = st.room, st.user
		} else if e, ok := c.edits[m.Text]; ok && e.id == m.ID {
			room, user = e.room, e.user
		}
		switch {
		case room == "":
			c.fault(Invention, "%s sees %q, which nobody said", s.name, m.Text)
		case room != m.Room:
			c.fault(Isolation, "%s sees %q in %s, it was said in %s", s.name, m.Text, m.Room, room)
		case user != m.Sender:
			c.fault(Invention, "%s sees %q from %s, %s said it", s.name, m.Text, m.Sender, user)
		}
	})
}

// doubles wants one message for what was said once.
func (c *check) doubles() {
	first := map[string]string{} // text -> messageId
	c.seen(func(s *Screen, m Message) {
		if c.said[m.Text] == nil || m.Deleted {
			return
		}
		if id, ok := first[m.Text]; ok && id != m.ID {
			c.fault(Double, "%s sees %q as %s, it was %s", s.name, m.Text, m.ID, id)
			return
		}
		first[m.Text] = m.ID
	})
}

// rooms wants what is private to reach nobody else, and pushes to reach those in the room.
func (c *check) rooms() {
	for _, s := range c.screens {
		for room, users := range c.private {
			if slices.Contains(users, s.user) {
				continue
			}
			heard := slices.ContainsFunc(s.heard, func(m sight) bool { return m.Room == room })
			read := slices.ContainsFunc(s.pages, func(p answer) bool { return p.Room == room })
			if heard || read {
				c.fault(Isolation, "%s of %s sees something of %s, which is private to %v", s.name, s.user, room, users)
			}
		}
		for _, m := range s.heard {
			if m.Sender == s.user || c.private[m.Room] != nil {
				continue // people hear their own wherever they are, and private ones without asking
			}
			v, st := s.rooms[m.Room], c.said[m.Text]
			switch {
			case v == nil || !v.asked:
				c.fault(Isolation, "%s hears %q of %s, where it never asked to be", s.name, m.Text, m.Room)
			case st != nil && v.left != 0 && st.said > v.left && m.at > v.left:
				c.fault(Isolation, "%s hears %q of %s, said after it had left", s.name, m.Text, m.Room)
			}
		}
	}
}

// deletions wants pages that were asked for after a deletion to be without the text.
func (c *check) deletions() {
	for _, s := range c.screens {
		for _, p := range s.pages {
			for _, m := range p.Messages {
				if at := c.deleted[m.ID]; at != 0 && p.asked > at && (m.Text != "" || !m.Deleted) {
					c.fault(Resurrection, "%s reads %q after its deletion", s.name, m.Text)
				}
			}
		}
	}
}

// pushes counts what should have been pushed to a screen that was in the room all along.
func (c *check) pushes() {
	for _, st := range c.said {
		for _, s := range c.screens {
			v := s.rooms[st.room]
			if v == nil || st.accepted == 0 || v.pushes[st.seq] {
				continue
			}
			if slices.ContainsFunc(v.stays, func(y stay) bool { return st.seq > y.head && (y.until == 0 || st.accepted < y.until) }) {
				c.verdict.Late++
			}
		}
	}
}
