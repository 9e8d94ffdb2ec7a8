// outbound
