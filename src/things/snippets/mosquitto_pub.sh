mosquitto_pub -h {host} -p {tcp_port}{mosquitto_tls} -i {client_id} -u {user_name} -P '{password}' \
  -q 1 -t channels/{channel_id}/publish -m 'field1=21.5&field2=40&status=Hello'
