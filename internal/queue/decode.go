package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"switchboard/internal/chat"
)

// Decode reads the body of a message. A job that is not exactly one of ours is an error:
// doing half of what a newer sender meant would be worse than waiting for a newer reader.
func Decode(body string) (chat.Job, error) {
	dec := json.NewDecoder(strings.NewReader(body))
	dec.DisallowUnknownFields()
	var job chat.Job
	if err := dec.Decode(&job); err != nil {
		return chat.Job{}, fmt.Errorf("decode job: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return chat.Job{}, errors.New("decode job: something follows the job")
	}
	if err := check(job); err != nil {
		return chat.Job{}, fmt.Errorf("decode job: %w", err)
	}
	return job, nil
}

func check(job chat.Job) error {
	switch job.Kind {
	case chat.WelcomeJob, chat.ForgetJob:
		if job.Connection == "" {
			return fmt.Errorf("a %s job must name its connection", job.Kind)
		}
	case chat.EndJob:
		if job.Connection == "" || job.Code == "" {
			return errors.New("an end job must name its connection and code")
		}
	case chat.SpreadJob, chat.DigestJob, chat.EnforceJob:
		if job.Room == "" {
			return fmt.Errorf("a %s job must name its room", job.Kind)
		}
	case chat.PushJob:
		if job.Room == "" || job.Seq < 1 {
			return errors.New("a push job must name its room and seq")
		}
	case chat.ReadJob:
		if job.User == "" || job.Room == "" || job.Seq < 1 {
			return errors.New("a read job must name its user, room and seq")
		}
	case chat.BarJob:
		if job.User == "" || job.Code == "" {
			return errors.New("a bar job must name its user and code")
		}
	case chat.EraseJob:
		if job.User == "" {
			return errors.New("an erase job must name its user")
		}
	default:
		return fmt.Errorf("the kind %q is unknown", job.Kind)
	}
	if job.At.IsZero() {
		return fmt.Errorf("a %s job must say when it was first asked for", job.Kind)
	}
	return nil
}
