print("recharge-worker")
