package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"sync"
)

const (
	keyFile   = "issuer-keys.pem"
	keyBits   = 2048
	blockType = "PRIVATE KEY"
	// keptKeys are the one that signs, and the one before for tokens that are about.
	keptKeys = 2
)

// keyring has the keys, the one that signs first, and keeps them in a file that only its
// owner can read.
type keyring struct {
	path string

	mu   sync.Mutex
	keys []key
}

type key struct {
	id      string
	private *rsa.PrivateKey
}

// publicKey is a key as the key set shows it (RFC 7517).
type publicKey struct {
	Kty string `json:"kty"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	N   string `json:"n"`
	E   string `json:"e"`
}

func openKeyring(folder string) (*keyring, error) {
	k := &keyring{path: filepath.Join(folder, keyFile)}
	content, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, k.rotate()
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		private, ok := parsed.(*rsa.PrivateKey)
		if err != nil || !ok {
			return nil, fmt.Errorf("read keys from %s: not an RSA key: %w", k.path, errors.Join(err, errRemove))
		}
		k.keys = append(k.keys, newKey(private))
	}
	if len(k.keys) == 0 {
		return nil, fmt.Errorf("read keys from %s: there are none: %w", k.path, errRemove)
	}
	return k, nil
}

var errRemove = errors.New("remove the file, and everyone signs in anew")

// rotate puts a new key before the others, in the file first.
func (k *keyring) rotate() error {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	keys := append([]key{newKey(private)}, k.keys...)
	keys = keys[:min(len(keys), keptKeys)]
	if err := save(k.path, keys); err != nil {
		return fmt.Errorf("keep keys: %w", err)
	}
	k.keys = keys
	return nil
}

// save replaces the file as a whole.
func save(path string, keys []key) error {
	var content []byte
	for _, key := range keys {
		der, err := x509.MarshalPKCS8PrivateKey(key.private)
		if err != nil {
			return err
		}
		content = append(content, pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der})...)
	}
	next, err := os.CreateTemp(filepath.Dir(path), keyFile) // made for its owner only
	if err != nil {
		return err
	}
	_, err = next.Write(content)
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	return nil
}

// newKey names a key by its thumbprint (RFC 7638).
func newKey(private *rsa.PrivateKey) key {
	public := publicOf(private)
	sum := sha256.Sum256(fmt.Appendf(nil, `{"e":%q,"kty":"RSA","n":%q}`, public.E, public.N))
	return key{base64.RawURLEncoding.EncodeToString(sum[:]), private}
}

func publicOf(private *rsa.PrivateKey) publicKey {
	return publicKey{
		Kty: "RSA", Use: "sig", Alg: "RS256",
		N: base64.RawURLEncoding.EncodeToString(private.N.Bytes()),
		E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(private.E)).Bytes()),
	}
}

func (k *keyring) signing() key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys[0]
}

// all lists the keys; nobody changes the list.
func (k *keyring) all() []key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys
}

func (k *keyring) public() []publicKey {
	var list []publicKey
	for _, key := range k.all() {
		public := publicOf(key.private)
		public.Kid = key.id
		list = append(list, public)
	}
	return list
}
