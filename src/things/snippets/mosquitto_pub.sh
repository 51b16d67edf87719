# Publish an entry:
mosquitto_pub -h {host} -p {tcp_port}{mosquitto_tls} -i {client_id} -u {user_name} -P '{password}' \
  -q 1 -t channels/{channel_id}/publish -m 'field1=21.5&field2=40&status=Hello'
# Publish one and print what the channel relays, where the device may subscribe, too:
mosquitto_rr -h {host} -p {tcp_port}{mosquitto_tls} -i {client_id} -u {user_name} -P '{password}' -W 5 \
  -t channels/{channel_id}/publish -m 'field1=21.7&field2=41' -e channels/{channel_id}/subscribe
