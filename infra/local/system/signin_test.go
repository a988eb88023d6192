package system_test

// token signs one of the issuer's people in as the page does, and saves what a handshake then
// brings. Each time is a sign-in of its own.
func token(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 2)
	if err != nil {
		return err
	}
	_, given := newBrowser(s.tb, s.system.Stack).redeem(args[1])
	s.Setenv(args[0], given.ID)
	return nil
}
