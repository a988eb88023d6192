package chat

import (
	"context"
	"slices"
)

const (
	proofPage  = 100 // entries that are read at once
	proofPages = 10  // in one call
)

// AuditProof says how far the log of a scope was verified. The zero value begins.
type AuditProof struct {
	UpTo   int64 // the last entry that verifies, with all before it
	Last   int64 // the last entry that there is
	Broken int64 // the first that is not there, or does not verify; 0: none so far

	at Audit // the entry UpTo
}

// ReadAudit lists audit entries of a public room, or of what was done everywhere, newest first,
// those before a number or, with 0, the newest. Other rooms are NotFound.
func (s *Service) ReadAudit(ctx context.Context, by Principal, room RoomID, before int64, limit int) ([]Audit, error) {
	if err := s.maySeeAudit(ctx, by, room); err != nil {
		return nil, err
	}
	return s.store.AuditLog(ctx, AuditScope(room), before, limit)
}

// ProveAudit goes on with a proof, a thousand entries at most. A log whose end was cut off
// verifies: only who has noted its last entry would know.
func (s *Service) ProveAudit(ctx context.Context, by Principal, room RoomID, p AuditProof) (AuditProof, error) {
	if err := s.maySeeAudit(ctx, by, room); err != nil {
		return p, err
	}
	last, err := s.store.LastAudit(ctx, AuditScope(room))
	if err != nil {
		return p, err
	}
	p.Last = max(last.Number, p.UpTo)
	for range proofPages {
		if p.UpTo >= p.Last || p.Broken > 0 {
			return p, nil
		}
		entries, err := s.store.AuditLog(ctx, AuditScope(room), p.UpTo+proofPage+1, proofPage)
		if err != nil {
			return p, err
		}
		entries = slices.DeleteFunc(entries, func(a Audit) bool { return a.Number <= p.UpTo })
		if len(entries) == 0 {
			p.Broken = p.UpTo + 1
			return p, nil
		}
		for _, a := range slices.Backward(entries) {
			whole, err := a.whole()
			if err != nil {
				return p, err
			}
			if !whole || !a.follows(p.at) {
				p.Broken = p.UpTo + 1
				return p, nil
			}
			p.UpTo, p.at = a.Number, a
		}
	}
	return p, nil
}

func (s *Service) maySeeAudit(ctx context.Context, by Principal, room RoomID) error {
	if !by.May(SeeAudit) {
		return errNotPermitted
	}
	if room == "" {
		return nil
	}
	public, err := s.publicOnes(ctx, []RoomID{room})
	if err != nil {
		return err
	}
	if _, ok := public[room]; !ok {
		return errNoRoom(room)
	}
	return nil
}
