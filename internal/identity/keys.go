package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/sync/singleflight"

	"switchboard/internal/chat"
)

const (
	// keysLife is how long keys are used before they are asked for again: a key that the
	// issuer took back is refused after that.
	keysLife = time.Hour
	// staleLife is how long they are used while the issuer does not answer.
	staleLife = 24 * time.Hour
	// fetchLimit bounds the fetches in a minute, whatever tokens arrive.
	fetchLimit = 5
	// fetchTimeout is short: the client's handshake waits for it.
	fetchTimeout = 3 * time.Second
	// maxDocumentBytes bounds what an issuer may answer.
	maxDocumentBytes = 1 << 20
)

var (
	errUnknownKey = errors.New("the token's key is unknown")
	errOftenAsked = errors.New("keys were asked for too often")
)

// keys are an issuer's public keys, fetched when first needed, when they are old, and when a
// token names one that is not there.
type keys struct {
	issuer string
	now    func() time.Time
	client *http.Client
	one    singleflight.Group // callers share a fetch

	mu      sync.Mutex
	set     keyfunc.Keyfunc // nil: never fetched
	fetched time.Time       // when set was
	failed  error           // of the last fetch
	minute  time.Time       // when the running minute of fetches began
	fetches int             // in it
}

func newKeys(issuer string, now func() time.Time) *keys {
	return &keys{issuer: issuer, now: now, client: &http.Client{
		Timeout: fetchTimeout,
		// Keys come from where the issuer says they are, and from nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// find gives the public key that a token names. It is unavailable when the issuer does not
// answer and the key is not known.
func (k *keys) find(ctx context.Context, token *jwt.Token) (any, error) {
	if _, ok := token.Header["kid"].(string); !ok {
		return nil, errUnknownKey
	}
	if _, ok := token.Header["crit"]; ok {
		return nil, errors.New("the token asks for an extension") // RFC 7515, 4.1.11: refuse what is not understood
	}
	set, fetched := k.current()
	if set != nil && k.now().Sub(fetched) < keysLife {
		if key, err := set.KeyfuncCtx(ctx)(token); !errors.Is(err, jwkset.ErrKeyNotFound) {
			return key, err
		}
	}
	err := k.refresh(ctx)
	if set, fetched = k.current(); set != nil && k.now().Sub(fetched) < staleLife {
		if key, err := set.KeyfuncCtx(ctx)(token); !errors.Is(err, jwkset.ErrKeyNotFound) {
			return key, err
		}
	}
	if err != nil {
		return nil, chat.AsUnavailable(fmt.Errorf("fetch keys: %w", err))
	}
	return nil, errUnknownKey
}

func (k *keys) current() (keyfunc.Keyfunc, time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.set, k.fetched
}

// refresh fetches the keys, or waits for a fetch that is under way. Over the limit it does
// nothing, and gives the error of the last fetch.
func (k *keys) refresh(ctx context.Context) error {
	done := k.one.DoChan("", func() (any, error) {
		if err := k.admit(); err != nil {
			return nil, err
		}
		// Others wait for this fetch too, so it does not end with the first who asked.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		set, err := k.fetch(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.failed = err; err == nil {
			k.set, k.fetched = set, k.now()
		}
		return nil, err
	})
	select {
	case result := <-done:
		if errors.Is(result.Err, errOftenAsked) {
			return k.lastError()
		}
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *keys) admit() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); now.Sub(k.minute) >= time.Minute {
		k.minute, k.fetches = now, 0
	}
	if k.fetches == fetchLimit {
		return errOftenAsked
	}
	k.fetches++
	return nil
}

func (k *keys) lastError() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.failed
}

func (k *keys) fetch(ctx context.Context) (keyfunc.Keyfunc, error) {
	address, err := k.discover(ctx)
	if err != nil {
		return nil, err
	}
	var document struct{ Keys []json.RawMessage }
	if err := k.get(ctx, address, &document); err != nil {
		return nil, err
	}
	storage, usable := jwkset.NewMemoryStorage(), 0
	for _, raw := range document.Keys {
		key, err := jwkset.NewJWKFromRawJSON(raw, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil {
			continue // of a kind that is not taken here: it is no reason to refuse the others
		}
		if err := storage.KeyWrite(ctx, key); err != nil {
			return nil, fmt.Errorf("keep a key: %w", err)
		}
		usable++
	}
	if usable == 0 {
		return nil, fmt.Errorf("there is no usable key at %s", address)
	}
	return keyfunc.New(keyfunc.Options{Storage: storage, UseWhitelist: []jwkset.USE{"", jwkset.UseSig}})
}

// discover says where the keys are: where the discovery document says, or, without one,
// where Cognito has them (Amazon Cognito developer guide, "Verifying JSON web tokens").
func (k *keys) discover(ctx context.Context) (string, error) {
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	base := strings.TrimSuffix(k.issuer, "/") + "/.well-known/"
	switch err := k.get(ctx, base+"openid-configuration", &document); {
	case errors.Is(err, errNoDocument):
		return base + "jwks.json", nil
	case err != nil:
		return "", err
	case document.Issuer != k.issuer:
		return "", fmt.Errorf("the discovery document is of %q", document.Issuer)
	case !strings.HasPrefix(document.JWKSURI, "https://") && strings.HasPrefix(k.issuer, "https://"):
		return "", fmt.Errorf("the keys are at %q, which is not safe", document.JWKSURI)
	}
	return document.JWKSURI, nil
}

var errNoDocument = errors.New("there is no such document")

func (k *keys) get(ctx context.Context, address string, to any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the issuer: %w", err)
	}
	answer, err := k.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the issuer: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // what was read is judged by itself
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return fmt.Errorf("ask for %s: %w", address, errNoDocument)
	default:
		return fmt.Errorf("ask for %s: %s", address, answer.Status)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxDocumentBytes)).Decode(to); err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	return nil
}
