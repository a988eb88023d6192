package gateway

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Usage is what an account's rate has seen since the gateway began: how many there were, at most in
// one second, and over the rate. Those over it were refused if Limits.EnforceRates says so.
type Usage struct {
	Total, Peak, Over int64
}

// quota is a rate of the account: always counted, and kept to where enforced says so.
type quota struct {
	bucket   *rate.Limiter
	enforced bool

	mu       sync.Mutex
	usage    Usage
	second   int64 // Unix time of what inSecond counts
	inSecond int64
}

func newQuota(perSecond float64, burst int, enforced bool) *quota {
	return &quota{bucket: rate.NewLimiter(rate.Limit(perSecond), burst), enforced: enforced}
}

// take counts one more and reports whether it may go on.
func (q *quota) take(now time.Time) bool {
	within := q.bucket.AllowN(now, 1)
	q.mu.Lock()
	defer q.mu.Unlock()
	if second := now.Unix(); second != q.second {
		q.second, q.inSecond = second, 0
	}
	q.inSecond++
	q.usage.Total++
	q.usage.Peak = max(q.usage.Peak, q.inSecond)
	if !within {
		q.usage.Over++
	}
	return within || !q.enforced
}

func (q *quota) used() Usage {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.usage
}

// Usage returns what the account's two rates have seen: new connections, and requests, which are
// handshakes, messages and @connections calls.
func (g *Gateway) Usage() (connects, requests Usage) {
	return g.connects.used(), g.requests.used()
}

// Rates says in a sentence how much of an account's rates there was; it is "" when there was nothing.
func (g *Gateway) Rates() string {
	connects, requests := g.Usage()
	if requests.Total == 0 {
		return ""
	}
	return fmt.Sprintf("At most %d new connections and %d requests in a second: an account's rates refuse %d of %d",
		connects.Peak, requests.Peak, connects.Over+requests.Over, requests.Total)
}

// throttle is what the template says of rates: a route's own in place of the stage's.
type throttle struct {
	stage  *rate.Limiter // nil lets everything through
	routes map[string]*rate.Limiter
}

func newThrottle(api API) throttle {
	t := throttle{stage: limiter(api.RateLimit, api.BurstLimit), routes: map[string]*rate.Limiter{}}
	for _, r := range api.Routes {
		if r.RateLimit > 0 {
			t.routes[r.Key] = limiter(r.RateLimit, r.BurstLimit)
		}
	}
	return t
}

// allows takes one from the bucket of the route with key, or from the stage's.
func (t throttle) allows(key string, now time.Time) bool {
	l, own := t.routes[key]
	if !own {
		l = t.stage
	}
	return l == nil || l.AllowN(now, 1)
}

func limiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), burst)
}
