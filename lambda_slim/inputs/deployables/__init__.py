"""All that a repository deploys: every template, project and Dockerfile below a folder, and what each depends on."""
