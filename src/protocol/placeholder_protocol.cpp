// protocol
