package config

import "os"

// Environment looks up a variable of this process, for Load.
func Environment(name string) (string, bool) { return os.LookupEnv(name) }
