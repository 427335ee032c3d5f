package attachment

import (
	"context"
	"fmt"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3://bucket?region=...&endpoint=...
)

// OpenBucket opens where the bytes live: a folder, made when it is absent, or
// any S3-compatible store by URL (s3://bucket?region=...). The caller closes it.
func OpenBucket(ctx context.Context, address string) (*blob.Bucket, error) {
	folder, isFile := strings.CutPrefix(address, "file://")
	if isFile || !strings.Contains(address, "://") {
		bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{
			CreateDir: true, NoTempDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite,
		})
		if err != nil {
			return nil, fmt.Errorf("open folder of files: %w", err)
		}
		return bucket, nil
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("open store of files: %w", err)
	}
	return bucket, nil
}
