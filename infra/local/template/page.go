package template

// The properties that are understood of what serves the chat page on AWS; as in shapes.go.

type bucketShape struct {
	PublicAccessBlockConfiguration struct {
		BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets bool `need:"yes" only:"true"`
	} `need:"yes"`
}

type bucketPolicyShape struct {
	Bucket         string `need:"yes"`
	PolicyDocument struct {
		Version   string `need:"yes" only:"2012-10-17"`
		Statement []struct {
			Effect    string `need:"yes" only:"Allow|Deny"`
			Principal struct {
				Service string `need:"yes"`
			} `need:"yes"`
			Action    list `need:"yes"`
			Resource  list `need:"yes"`
			Condition struct {
				StringEquals struct {
					SourceArn string `as:"AWS:SourceArn" need:"yes"`
				} `need:"yes"`
			} `need:"yes"`
		} `need:"yes"`
	} `need:"yes"`
}

type originAccessShape struct {
	OriginAccessControlConfig struct {
		Name                          string `need:"yes"`
		OriginAccessControlOriginType string `need:"yes" only:"s3"`
		SigningBehavior               string `need:"yes" only:"always"`
		SigningProtocol               string `need:"yes" only:"sigv4"`
	} `need:"yes"`
}

type distributionShape struct {
	DistributionConfig struct {
		Enabled           bool   `need:"yes"`
		DefaultRootObject string `need:"yes"`
		HttpVersion       string `only:"http2|http2and3"`
		Aliases           []string
		ViewerCertificate struct {
			CloudFrontDefaultCertificate bool
			AcmCertificateArn            string
			SslSupportMethod             string `only:"sni-only"`
			MinimumProtocolVersion       string `only:"TLSv1.2_2021"`
		}
		Origins []struct {
			Id                    string `need:"yes"`
			DomainName            string `need:"yes"`
			OriginAccessControlId string `need:"yes"`
			S3OriginConfig        struct {
				OriginAccessIdentity string `need:"yes"`
			} `need:"yes"`
		} `need:"yes"`
		DefaultCacheBehavior struct {
			TargetOriginId          string `need:"yes"`
			ViewerProtocolPolicy    string `need:"yes" only:"redirect-to-https"`
			Compress                bool
			CachePolicyId           string `need:"yes"`
			ResponseHeadersPolicyId string `need:"yes"`
		} `need:"yes"`
	} `need:"yes"`
}

type headersShape struct {
	ResponseHeadersPolicyConfig struct {
		Name                  string `need:"yes"`
		SecurityHeadersConfig struct {
			ContentSecurityPolicy struct {
				Override              bool   `need:"yes" only:"true"`
				ContentSecurityPolicy string `need:"yes"`
			} `need:"yes"`
			ContentTypeOptions struct {
				Override bool `need:"yes" only:"true"`
			} `need:"yes"`
			FrameOptions struct {
				Override    bool   `need:"yes" only:"true"`
				FrameOption string `need:"yes" only:"DENY"`
			} `need:"yes"`
			ReferrerPolicy struct {
				Override       bool   `need:"yes" only:"true"`
				ReferrerPolicy string `need:"yes"`
			} `need:"yes"`
			StrictTransportSecurity struct {
				Override               bool `need:"yes" only:"true"`
				AccessControlMaxAgeSec int  `need:"yes" range:"1..2147483647"`
			} `need:"yes"`
		} `need:"yes"`
	} `need:"yes"`
}

// pageHeaders are those of the last policy of the template, but for Strict-Transport-Security: here it is http.
func (l *loader) pageHeaders() map[string]string {
	var headers map[string]string
	for _, r := range all[headersShape](l) {
		security := r.props.ResponseHeadersPolicyConfig.SecurityHeadersConfig
		headers = map[string]string{
			"Content-Security-Policy": security.ContentSecurityPolicy.ContentSecurityPolicy,
			"Referrer-Policy":         security.ReferrerPolicy.ReferrerPolicy,
			"X-Content-Type-Options":  "nosniff",
			"X-Frame-Options":         security.FrameOptions.FrameOption,
		}
	}
	return headers
}
