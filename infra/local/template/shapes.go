package template

// The properties that are understood of each resource type, spelled as CloudFormation spells them. The tags are fill's.
// Numbers in range tags are the limits of CloudFormation's resource reference.

type apiShape struct {
	Name                     string `need:"yes"`
	ProtocolType             string `need:"yes" only:"WEBSOCKET"`
	RouteSelectionExpression string `need:"yes"`
}

type authorizerShape struct {
	ApiId          string `need:"yes"`
	Name           string `need:"yes"`
	AuthorizerType string `need:"yes" only:"REQUEST"`
	AuthorizerUri  string `need:"yes"`
	IdentitySource list
}

type integrationShape struct {
	ApiId           string `need:"yes"`
	IntegrationType string `need:"yes" only:"AWS_PROXY"`
	IntegrationUri  string `need:"yes"`
	TimeoutInMillis *int   `range:"50..29000"`
}

type routeShape struct {
	ApiId                            string `need:"yes"`
	RouteKey                         string `need:"yes"`
	Target                           string `need:"yes"`
	AuthorizationType                string `only:"NONE|CUSTOM"`
	AuthorizerId                     string
	RouteResponseSelectionExpression string `only:"$default"`
}

type routeResponseShape struct {
	ApiId            string `need:"yes"`
	RouteId          string `need:"yes"`
	RouteResponseKey string `need:"yes" only:"$default"`
}

type stageShape struct {
	ApiId                string            `need:"yes"`
	StageName            string            `need:"yes"`
	AutoDeploy           bool              `need:"yes" only:"true"`
	StageVariables       map[string]string `foreign:"yes"`
	DefaultRouteSettings routeSettings
	RouteSettings        map[string]routeSettings // by route key
	AccessLogSettings    struct {
		DestinationArn string `need:"yes"`
		Format         string `need:"yes"`
	}
}

type routeSettings struct {
	DetailedMetricsEnabled bool
	ThrottlingRateLimit    float64
	ThrottlingBurstLimit   int
}

type accountShape struct {
	CloudWatchRoleArn string `need:"yes"`
}

type functionShape struct {
	Description   string
	Runtime       string `need:"yes" only:"provided.al2023"`
	Architectures list   `only:"arm64|x86_64"`
	Handler       string `need:"yes" only:"bootstrap"`
	Code          struct {
		S3Bucket string `need:"yes"`
		S3Key    string `need:"yes"`
	} `need:"yes"`
	Role       string `need:"yes"`
	Timeout    int    `need:"yes" range:"1..900"`
	MemorySize int    `need:"yes" range:"128..10240"`

	ReservedConcurrentExecutions int `range:"1..1000"`

	LoggingConfig struct {
		LogGroup  string `need:"yes"`
		LogFormat string `only:"Text"`
	}
	Environment struct {
		Variables map[string]string `need:"yes"`
	}
	Events map[string]eventShape `foreign:"yes"`
}

type permissionShape struct {
	FunctionName string `need:"yes"`
	Action       string `need:"yes" only:"lambda:InvokeFunction|lambda:InvokeFunctionUrl"`
	Principal    string `need:"yes"`
	SourceArn    string

	FunctionUrlAuthType   string `only:"NONE"`
	InvokedViaFunctionUrl bool
}

type urlShape struct {
	TargetFunctionArn string `need:"yes"`
	AuthType          string `need:"yes" only:"NONE"`
	InvokeMode        string `need:"yes" only:"RESPONSE_STREAM"`
}

type sourceShape struct {
	EventSourceArn                 string `need:"yes"`
	FunctionName                   string `need:"yes"`
	BatchSize                      int    `need:"yes" range:"1..10"`
	MaximumBatchingWindowInSeconds int    `range:"0..300"`
	ScalingConfig                  struct {
		MaximumConcurrency int `range:"2..1000"`
	}
	FunctionResponseTypes list  `only:"ReportBatchItemFailures"`
	Enabled               *bool `foreign:"yes"`
}

type roleShape struct {
	AssumeRolePolicyDocument policyShape `need:"yes"`
	ManagedPolicyArns        []string
	Policies                 []struct {
		PolicyName     string      `need:"yes"`
		PolicyDocument policyShape `need:"yes"`
	}
}

type policyShape struct {
	Version   string `need:"yes" only:"2012-10-17"`
	Statement []struct {
		Effect    string `need:"yes" only:"Allow|Deny"`
		Principal struct {
			Service string `need:"yes"`
		}
		Action      list
		NotAction   list
		Resource    list
		NotResource list
		Condition   map[string]map[string]list
	} `need:"yes"`
}

type logGroupShape struct {
	RetentionInDays int `need:"yes"`
}

type ruleShape struct {
	Description        string
	ScheduleExpression string `need:"yes"`
	State              string `only:"ENABLED"`
	Targets            []struct {
		Id    string `need:"yes"`
		Arn   string `need:"yes"`
		Input string
	} `need:"yes"`
}

type queueShape struct {
	VisibilityTimeout      *int `range:"0..43200"`
	MessageRetentionPeriod *int `range:"60..1209600"`
	SqsManagedSseEnabled   bool
	RedrivePolicy          struct {
		DeadLetterTargetArn string `as:"deadLetterTargetArn" need:"yes"`
		MaxReceiveCount     int    `as:"maxReceiveCount" need:"yes" range:"1..1000"`
	}
}

type secretShape struct {
	Description          string
	GenerateSecretString struct {
		PasswordLength     int `need:"yes" range:"1..4096"`
		ExcludePunctuation bool
	} `need:"yes"`
}

type tableShape struct {
	BillingMode          string `need:"yes" only:"PAY_PER_REQUEST"`
	AttributeDefinitions []struct {
		AttributeName string `need:"yes"`
		AttributeType string `need:"yes" only:"S|N|B"`
	} `need:"yes"`
	KeySchema              []keyShape `need:"yes"`
	GlobalSecondaryIndexes []struct {
		IndexName  string     `need:"yes"`
		KeySchema  []keyShape `need:"yes"`
		Projection struct {
			ProjectionType   string `need:"yes" only:"ALL|KEYS_ONLY|INCLUDE"`
			NonKeyAttributes []string
		} `need:"yes"`
	}
	TimeToLiveSpecification struct {
		AttributeName string `need:"yes"`
		Enabled       bool   `need:"yes" only:"true"`
	}
	PointInTimeRecoverySpecification struct {
		PointInTimeRecoveryEnabled bool `need:"yes"`
	}
}

type keyShape struct {
	AttributeName string `need:"yes"`
	KeyType       string `need:"yes" only:"HASH|RANGE"`
}
