package checker

// Screen records for one tab. Call its methods as things happen: what is recorded first came first.
type Screen struct {
	history    *History
	name, user string
	rooms      map[string]*visit
	heard      []sight
	pages      []answer
	ends       []End
}

// visit is a screen's time in a room.
type visit struct {
	asked  bool           // it has asked to be in
	left   Moment         // 0 while it is in
	stays  []stay         // the last one is open while in is set
	in     bool           // without a break since the last stay's head
	pushes map[int64]bool // numbers of what was pushed
	events map[int64]bool // of them, those of no message
}

// stay is a time in which everything above head must be pushed.
type stay struct {
	head  int64
	until Moment // when it asked to be out; 0 while it is in
}

// sight is a message that was pushed.
type sight struct {
	at Moment
	Message
}

// answer is a page and when it was asked for.
type answer struct {
	asked Moment
	Page
}

// End is what a screen shows of a room when all is over.
type End struct {
	Room     string
	After    int64 // it follows the room from the number behind this one
	Head     int64 // up to this one
	Messages []Message
}

func (s *Screen) record(do func(now Moment)) {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	do(s.history.tick())
}

func (s *Screen) visit(room string) *visit {
	v := s.rooms[room]
	if v == nil {
		v = &visit{pushes: map[int64]bool{}, events: map[int64]bool{}}
		s.rooms[room] = v
	}
	return v
}

// Says records that the person says something. Saying the same again is another try.
func (s *Screen) Says(room, key, text string) {
	s.record(func(now Moment) {
		if s.history.said[text] == nil {
			s.history.said[text] = &statement{room: room, user: s.user, key: key, text: text, said: now}
		}
	})
}

// Accepted records the acknowledgement: the person's own copy of a message that it said.
func (s *Screen) Accepted(m Message) {
	s.record(func(now Moment) {
		s.heard = append(s.heard, sight{now, m})
		s.visit(m.Room).pushes[m.Seq] = true
		st := s.history.said[m.Text]
		if st == nil || st.accepted != 0 {
			return // the sight tells of what nobody said, and of a second number
		}
		st.accepted, st.id, st.seq = now, m.ID, m.Seq
	})
}

// Edits records that the person gives its message another text, which from now on may be seen.
func (s *Screen) Edits(room, id, text string) {
	s.record(func(Moment) { s.history.edits[text] = edit{room, s.user, id} })
}

// Deleted records that the deletion of a message was acknowledged, to whoever asked for it.
func (s *Screen) Deleted(id string) {
	s.record(func(now Moment) {
		if s.history.deleted[id] == 0 {
			s.history.deleted[id] = now
		}
	})
}

// Enters records that the screen asks to be in a room: from now on its messages may come.
func (s *Screen) Enters(room string) {
	s.record(func(Moment) {
		v := s.visit(room)
		v.asked, v.left = true, 0
	})
}

// Entered records that it is in and which head it was told: all above must be pushed to it
// until it leaves or breaks off. A second one before that changes nothing.
func (s *Screen) Entered(room string, head int64) {
	s.record(func(Moment) {
		if v := s.visit(room); !v.in {
			v.in, v.stays = true, append(v.stays, stay{head: head})
		}
	})
}

// Leaves records that the screen asks to be out of a room: what is acknowledged from now on
// need not be pushed to it.
func (s *Screen) Leaves(room string) {
	s.record(func(now Moment) {
		if v := s.visit(room); v.in {
			v.in, v.stays[len(v.stays)-1].until = false, now
		}
	})
}

// Left records that the screen was told that it is out of a room.
func (s *Screen) Left(room string) {
	s.record(func(now Moment) { s.visit(room).left = now })
}

// Breaks records that the connection has ended, perhaps with something on its way.
func (s *Screen) Breaks() {
	s.record(func(Moment) {
		for _, v := range s.rooms {
			if v.in {
				v.in, v.stays = false, v.stays[:len(v.stays)-1]
			}
		}
	})
}

// Heard records a message that was pushed.
func (s *Screen) Heard(m Message) {
	s.record(func(now Moment) {
		s.heard = append(s.heard, sight{now, m})
		s.visit(m.Room).pushes[m.Seq] = true
	})
}

// HeardEvent records the number of an edit, a deletion or a reaction that was pushed.
func (s *Screen) HeardEvent(room string, seq int64) {
	s.record(func(Moment) {
		v := s.visit(room)
		v.pushes[seq], v.events[seq] = true, true
	})
}

// Asks gives the moment before a request, for Reads.
func (s *Screen) Asks() (at Moment) {
	s.record(func(now Moment) { at = now })
	return at
}

// Reads records a page that was asked for at a moment.
func (s *Screen) Reads(asked Moment, p Page) {
	s.record(func(Moment) { s.pages = append(s.pages, answer{asked, p}) })
}

// Ends records what the screen shows of a room when all is over, in the order in which it shows it.
func (s *Screen) Ends(e End) {
	s.record(func(Moment) { s.ends = append(s.ends, e) })
}
