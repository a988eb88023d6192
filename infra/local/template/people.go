package template

// The properties that are understood of Cognito's resource types; as in shapes.go.

type userPoolShape struct {
	UsernameAttributes     []string
	AutoVerifiedAttributes []string
	Schema                 []struct {
		Name              string `need:"yes"`
		AttributeDataType string `need:"yes" only:"String"`
		Required          bool
		Mutable           bool
	}
	AdminCreateUserConfig struct {
		AllowAdminCreateUserOnly bool
	}
	Policies struct {
		PasswordPolicy struct {
			MinimumLength int `need:"yes" range:"6..99"`
		}
	}
	AccountRecoverySetting struct {
		RecoveryMechanisms []struct {
			Name     string `need:"yes" only:"verified_email"`
			Priority int    `need:"yes" range:"1..2"`
		}
	}
}

type userPoolDomainShape struct {
	UserPoolId string `need:"yes"`
	Domain     string `need:"yes"`
}

// userPoolClientShape is of clients that sign in by a code with PKCE, and of no others.
type userPoolClientShape struct {
	UserPoolId                      string `need:"yes"`
	ClientName                      string
	GenerateSecret                  bool     `need:"yes" only:"false"`
	SupportedIdentityProviders      []string `need:"yes" only:"COGNITO"`
	AllowedOAuthFlowsUserPoolClient bool     `need:"yes" only:"true"`
	AllowedOAuthFlows               []string `need:"yes" only:"code"`
	AllowedOAuthScopes              []string `need:"yes" only:"openid|profile"`
	CallbackURLs                    []string `need:"yes"`
	LogoutURLs                      []string
	IdTokenValidity                 int `range:"1..86400"`
	AccessTokenValidity             int `range:"1..86400"`
	RefreshTokenValidity            int `range:"1..315360000"`
	TokenValidityUnits              struct {
		IdToken, AccessToken, RefreshToken string `only:"seconds|minutes|hours|days"`
	}
	EnableTokenRevocation      bool
	PreventUserExistenceErrors string `only:"ENABLED"`
}

type userPoolGroupShape struct {
	UserPoolId  string `need:"yes"`
	GroupName   string `need:"yes"`
	Description string
}
