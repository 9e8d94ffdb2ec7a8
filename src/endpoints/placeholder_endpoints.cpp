// endpoints
