package chat

import "slices"

// Setting is a part of a room's policy that a room beneath another can take over from it.
type Setting string

// What is inherited, by the names of the protocol.
const (
	VisibilitySetting Setting = "visibility"
	LockedSetting     Setting = "locked"
	SlowModeSetting   Setting = "slowModeSeconds"
	RetentionSetting  Setting = "retentionDays"
	GuestsSetting     Setting = "guests"
	InvitersSetting   Setting = "roles"
)

// AllSettings lists every Setting.
func AllSettings() []Setting {
	return []Setting{VisibilitySetting, LockedSetting, SlowModeSetting, RetentionSetting, GuestsSetting, InvitersSetting}
}

// copySetting gives a room another room's setting.
func (r *Room) copySetting(s Setting, from Room) {
	switch s {
	case VisibilitySetting:
		r.Visibility = from.Visibility
	case LockedSetting:
		r.Locked = from.Locked
	case SlowModeSetting:
		r.SlowMode = from.SlowMode
	case RetentionSetting:
		r.Retention = from.Retention
	case GuestsSetting:
		r.GuestsOut = from.GuestsOut
	case InvitersSetting:
		r.Inviters = from.Inviters
	}
}

// following is the room with what it inherits taken from its parent.
func (r Room) following(parent Room) Room {
	for _, s := range r.Inherits {
		r.copySetting(s, parent)
	}
	return r
}

// given lists the inheritable settings that are set here.
func (c Settings) given() []Setting {
	var list []Setting
	for s, is := range map[Setting]bool{
		VisibilitySetting: c.Visibility != nil, LockedSetting: c.Locked != nil, SlowModeSetting: c.SlowMode != nil,
		RetentionSetting: c.Retention != nil, GuestsSetting: c.Guests != nil, InvitersSetting: c.Inviters != nil,
	} {
		if is {
			list = append(list, s)
		}
	}
	return list
}

// changed is the room with these settings. What is set is the room's own from then on.
func (r Room) changed(c Settings) Room {
	put(&r.Name, c.Name)
	put(&r.Topic, c.Topic)
	put(&r.Parent, c.Parent)
	put(&r.Visibility, c.Visibility)
	put(&r.Locked, c.Locked)
	put(&r.SlowMode, c.SlowMode)
	put(&r.Retention, c.Retention)
	put(&r.Inviters, c.Inviters)
	if c.Guests != nil {
		r.GuestsOut = !*c.Guests
	}
	own := c.given()
	r.Inherits = slices.DeleteFunc(slices.Concat(r.Inherits, c.Inherit), func(s Setting) bool { return slices.Contains(own, s) })
	slices.Sort(r.Inherits)
	r.Inherits = slices.Compact(r.Inherits)
	if r.Parent == "" {
		r.Inherits = nil
	}
	return r
}

func put[T any](into, value *T) {
	if value != nil {
		*into = *value
	}
}
