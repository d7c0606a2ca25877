"""What a meeting works on and leaves behind: agenda, preview, label events, minutes, package."""
